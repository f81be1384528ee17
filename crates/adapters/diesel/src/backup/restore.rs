use std::path::Path;

use diesel::{
    Connection, RunQueryDsl, SqliteConnection,
    connection::{LoadConnection, SimpleConnection},
    query_dsl::methods::SelectDsl,
    sql_query,
};

use super::{
    BackupError, Content, Told,
    archive::{Archive, quoted},
    blocking, content,
    tables::{self, PostgresConnection, TABLES},
};
use crate::{
    migrations,
    postgres::PostgresUrl,
    schema::users,
    sqlite,
    url::{DatabaseUrl, Kind},
};

/// Puts what a backup holds into a database, which is brought up to date first: all of it in one transaction, or nothing.
/// A database with users in it is emptied only if `replace` says so.
///
/// Clients that follow changes must then be told to read all anew, for the database gives the same numbers to other changes
/// (`RestartChanges`).
pub async fn restore(url: &DatabaseUrl, file: &Path, replace: bool, told: Told) -> Result<Content, BackupError> {
    let archive = Archive::find(file).await?;
    migrations::up(url).await?;
    match &url.0 {
        Kind::Postgres(url) => into_postgres(url, archive, replace, told).await,
        Kind::Sqlite(path) => {
            let path = path.clone();
            blocking(move || into_sqlite(&path, &archive, replace, &told)).await
        }
    }
}

async fn into_postgres(url: &PostgresUrl, archive: Archive, replace: bool, told: Told) -> Result<Content, BackupError> {
    let (connection, _) = url.connect("SET lock_timeout = '15s'").await?;
    blocking(move || {
        let mut target = PostgresConnection::from(connection);
        let mut source = archive.open()?;
        target.transaction(|target| {
            let names: Vec<_> = TABLES.iter().map(|table| table.name).collect();
            target.batch_execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", names.join(", ")))?;
            let users: i64 = RunQueryDsl::get_result(users::table.select(diesel::dsl::count_star()), target)?;
            make_room(target, users, replace)?;
            tables::to_postgres(&mut source, target, &*told)?;
            Ok::<_, BackupError>(())
        })?;
        content(&mut source)
    })
    .await
}

fn into_sqlite(path: &Path, archive: &Archive, replace: bool, told: &Told) -> Result<Content, BackupError> {
    let mut target = SqliteConnection::establish(&path.to_string_lossy())?;
    sqlite::configure(&mut target)?;
    target.batch_execute(&format!("ATTACH {} AS archive", quoted(archive.path())))?;
    target.immediate_transaction(|target| {
        let users: i64 = RunQueryDsl::get_result(users::table.select(diesel::dsl::count_star()), target)?;
        make_room(target, users, replace)?;
        for table in TABLES {
            let (name, columns) = (table.name, table.columns.join(", "));
            let copy = format!("INSERT INTO main.{name} ({columns}) SELECT {columns} FROM archive.{name}");
            let rows = sql_query(copy).execute(target)?;
            told.copied(name, rows as u64);
        }
        Ok::<_, BackupError>(())
    })?;
    content(&mut archive.open()?)
}

/// Deletes everything that is in the way, or refuses to.
fn make_room<C: LoadConnection + SimpleConnection>(
    target: &mut C,
    users: i64,
    replace: bool,
) -> Result<(), BackupError> {
    if users > 0 && !replace {
        return Err(BackupError::NotEmpty(u64::try_from(users).unwrap_or_default()));
    }
    // Those first that refer to others. Mails and the audit log belong to nobody.
    for table in TABLES.iter().rev() {
        target.batch_execute(&format!("DELETE FROM {}", table.name))?;
    }
    Ok(())
}
