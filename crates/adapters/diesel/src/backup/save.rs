use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};

use super::{BackupError, Content, Told, archive::quoted, blocking, content, tables};
use crate::{
    migrations,
    postgres::PostgresUrl,
    sqlite,
    url::{DatabaseUrl, Kind},
};

/// Saves everything that was committed before this was called, and nothing of what is written meanwhile by halves. The
/// service may run, and is not held up: on PostgreSQL by one transaction that sees one moment, on SQLite likewise.
///
/// The file appears when it is complete and on the disk, and is for its owner alone. One that is there already is
/// replaced only if `replace` says so.
pub async fn save(url: &DatabaseUrl, file: &Path, replace: bool, told: Told) -> Result<Content, BackupError> {
    if !replace && file.exists() {
        return Err(BackupError::Exists);
    }
    let all = migrations::status(url).await?;
    if all.iter().any(|migration| !migration.applied) {
        return Err(BackupError::Pending);
    }
    let partial = beside(file);
    remove(&partial)?;
    let saved = match &url.0 {
        Kind::Postgres(url) => of_postgres(url, &partial, told).await,
        Kind::Sqlite(path) => of_sqlite(path.clone(), partial.clone()).await,
    };
    let (from, to) = (partial.clone(), file.to_owned());
    let kept = match saved {
        Ok(content) => blocking(move || keep(&from, &to).map(|()| content)).await,
        Err(error) => Err(error),
    };
    if kept.is_err() {
        // What is not complete is of no use; the first error says more than that of the removal.
        let _ = remove(&partial);
    }
    kept
}

/// Where the file is made.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    file.with_file_name(name)
}

/// With what SQLite may have put beside it.
fn remove(file: &Path) -> std::io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Sees that the file is on the disk, and gives it its name.
fn keep(from: &Path, to: &Path) -> Result<(), BackupError> {
    File::open(from)?.sync_all()?;
    fs::rename(from, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(File::open(folder)?.sync_all()?)
}

async fn of_sqlite(path: PathBuf, partial: PathBuf) -> Result<Content, BackupError> {
    blocking(move || {
        sqlite::create_file(&partial)?;
        let mut source = SqliteConnection::establish(&path.to_string_lossy())?;
        sqlite::configure(&mut source)?;
        // A read transaction: writers go on, by their log.
        source.batch_execute(&format!("VACUUM INTO {}", quoted(&partial)))?;
        let mut saved = SqliteConnection::establish(&partial.to_string_lossy())?;
        // One file, with nothing beside it.
        saved.batch_execute("PRAGMA journal_mode = DELETE;")?;
        content(&mut saved)
    })
    .await
}

async fn of_postgres(url: &PostgresUrl, partial: &Path, told: Told) -> Result<Content, BackupError> {
    // At one moment, for all tables.
    let (source, _) = url.connect("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1").await?;
    migrations::create(&DatabaseUrl::sqlite(partial)).await?;
    let partial = partial.to_owned();
    blocking(move || {
        let mut target = SqliteConnection::establish(&partial.to_string_lossy())?;
        // It is nothing until it is complete.
        target.batch_execute("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        target.batch_execute("PRAGMA foreign_keys = ON;")?;
        let mut source = tables::PostgresConnection::from(source);
        target.transaction(|target| tables::from_postgres(&mut source, target, &*told))?;
        content(&mut target)
    })
    .await
}
