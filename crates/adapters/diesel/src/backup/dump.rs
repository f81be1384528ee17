//! Writing a database to an archive, as it is at one moment, while others write on.

use std::io::Write;

use chrono::SecondsFormat;
use contacts_domain::Timestamp;

use super::{
    Progress, ROWS_A_WORD, Summary, TABLES,
    archive::{Header, Table, VERSION},
    columns::{Dialect, columns, exists, select},
    connection::{Connection, Target},
    error::BackupError,
    writer::ArchiveWriter,
};
use crate::url::DatabaseUrl;

const SCHEMA: &str = "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version DESC LIMIT 1";

/// Writes everything to `out`, and returns that with what was written. Whatever was acknowledged before this was called is
/// in the archive; what is written meanwhile is in it as whole transactions or not at all.
pub async fn dump<W: Write + Send + 'static>(
    url: &DatabaseUrl,
    now: Timestamp,
    out: W,
    progress: Progress,
) -> Result<(W, Summary), BackupError> {
    let target = Target::find(url).await?;
    let work = move || write(&mut target.open_to_read()?, now, out, progress);
    tokio::task::spawn_blocking(work).await.map_err(|panicked| BackupError::Cut(panicked.into()))?
}

fn write<W: Write>(
    connection: &mut Connection,
    now: Timestamp,
    out: W,
    mut progress: Progress,
) -> Result<(W, Summary), BackupError> {
    let schema = begin(connection)?;
    let database = match connection.dialect() {
        Dialect::Postgres => "postgres",
        Dialect::Sqlite => "sqlite",
    };
    let created_at = now.to_rfc3339_opts(SecondsFormat::Micros, true);
    let header = Header { version: VERSION, schema, created_at, database: database.to_owned() };
    let mut archive = ArchiveWriter::begin(out, header.clone())?;
    for table in TABLES {
        let columns = columns(connection, table)?;
        // The tables may be older than some.
        if columns.is_empty() {
            continue;
        }
        let head = columns.iter().map(|stored| stored.column.clone()).collect();
        archive.table(Table { name: table.to_owned(), columns: head })?;
        let mut rows = 0;
        connection.each_line::<BackupError>(&select(connection.dialect(), table, &columns), |line| {
            rows = archive.row(&line)?;
            if rows.is_multiple_of(ROWS_A_WORD) {
                progress(table, rows);
            }
            Ok(())
        })?;
        progress(table, rows);
    }
    connection.execute("COMMIT")?;
    let (out, tables) = archive.end()?;
    Ok((out, Summary { header, tables }))
}

/// Begins a transaction that sees one moment, and returns the version of the tables.
fn begin(connection: &mut Connection) -> Result<String, BackupError> {
    if !exists(connection, "__diesel_schema_migrations")? {
        return Err(BackupError::NoTables);
    }
    let Some(schema) = connection.lines(SCHEMA)?.pop() else { return Err(BackupError::NoTables) };
    match connection.dialect() {
        // Readers do not hinder the writer of a log, nor it them. The first read decides on the moment.
        Dialect::Sqlite => connection.execute("BEGIN")?,
        // A migration is no part of a snapshot: it must wait. Until a table is locked there is no snapshot.
        Dialect::Postgres => {
            let mut there = Vec::new();
            for table in TABLES {
                if exists(connection, table)? {
                    there.push(table);
                }
            }
            let lock = format!("LOCK TABLE {} IN ACCESS SHARE MODE", there.join(", "));
            connection.execute(&format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {lock}"))?;
        }
    }
    if connection.lines(SCHEMA)? != [schema.as_str()] {
        return Err(BackupError::Migrated);
    }
    Ok(schema)
}
