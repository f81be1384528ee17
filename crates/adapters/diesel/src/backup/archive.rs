//! The file of a backup, as it is found.

use std::path::{Path, PathBuf};

use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, result::Error, sql_query,
    sql_types::Text,
};

use super::{BackupError, blocking};
use crate::{migrations, url::DatabaseUrl};

/// A file that was found to be a backup, at the newest version. It is read only.
pub(super) struct Archive {
    path: PathBuf,
    /// Where the file is of an older version: a copy of it, which was brought up to date.
    _copy: Option<Copy>,
}

/// Is removed when it is dropped.
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(suffix);
            // Whatever remains is named for what it is.
            let _ = std::fs::remove_file(name);
        }
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

impl Archive {
    pub(super) async fn find(file: &Path) -> Result<Self, BackupError> {
        let path = file.to_owned();
        let is_current = blocking(move || check(&path)).await?;
        if is_current {
            return Ok(Self { path: file.to_owned(), _copy: None });
        }
        let mut name = file.as_os_str().to_owned();
        name.push(".migrated");
        let copy = Copy(PathBuf::from(name));
        let (from, to) = (file.to_owned(), copy.0.clone());
        blocking(move || Ok(std::fs::copy(from, to).map(drop)?)).await?;
        migrations::up(&DatabaseUrl::sqlite(&copy.0)).await?;
        Ok(Self { path: copy.0.clone(), _copy: Some(copy) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn open(&self) -> Result<SqliteConnection, BackupError> {
        let mut connection = SqliteConnection::establish(&self.path.to_string_lossy())?;
        connection.batch_execute("PRAGMA query_only = ON;")?;
        Ok(connection)
    }
}

/// Whether it is of the newest version.
fn check(path: &Path) -> Result<bool, BackupError> {
    if !path.is_file() {
        return Err(BackupError::Missing);
    }
    let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(|_| BackupError::Foreign)?;
    let mut lines = |query: &str| -> Result<Vec<String>, Error> {
        let lines: Vec<Line> = sql_query(query).load(&mut connection)?;
        Ok(lines.into_iter().map(|line| line.text).collect())
    };
    let damaged = |error: Error| BackupError::Damaged(error.to_string());
    let tables = lines("SELECT name AS text FROM sqlite_master WHERE type = 'table'").map_err(|error| match error {
        Error::DatabaseError(_, information) if information.message().contains("not a database") => {
            BackupError::Foreign
        }
        error => damaged(error),
    })?;
    if !["__diesel_schema_migrations", "users", "contacts"].iter().all(|name| tables.iter().any(|table| table == name))
    {
        return Err(BackupError::Foreign);
    }
    let faults = lines("SELECT quick_check AS text FROM pragma_quick_check").map_err(damaged)?;
    if faults != ["ok"] {
        return Err(BackupError::Damaged(faults.join(" ")));
    }
    let applied = lines("SELECT version AS text FROM __diesel_schema_migrations ORDER BY version").map_err(damaged)?;
    let known = migrations::versions();
    let unknown: Vec<_> = applied.iter().filter(|version| !known.contains(version)).cloned().collect();
    if !unknown.is_empty() {
        return Err(BackupError::Newer(unknown.join(", ")));
    }
    Ok(known.iter().all(|version| applied.contains(version)))
}

/// A path as a text of SQL.
pub(super) fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', "''"))
}
