//! Restoring an archive, in one transaction: what fails leaves the database as it was.

use std::io::Read;

use contacts_domain::ids::Epoch;
use diesel::QueryResult;

use super::{
    Progress, ROWS_A_WORD, Summary, TABLES,
    archive::{Column, Table},
    columns::{Dialect, Stored, columns, exists, insert},
    connection::{Connection, Target},
    error::{BackupError, Damage, RestoreError},
    reader::{ArchiveReader, Part},
};
use crate::{
    migrations::{self, Task},
    url::DatabaseUrl,
};

/// How much is written by one statement, which keeps it in memory.
const BYTES_AT_ONCE: usize = 1024 * 1024;

/// What a restore is to do.
#[derive(Clone, Copy, Debug)]
pub struct RestoreOptions {
    /// Which history the changes of every address book are of from now on: clients must read all contacts anew, for the
    /// same numbers are given to other changes.
    pub epoch: Epoch,
    /// Whether what is in the database may be given up.
    pub replace: bool,
}

/// Reads an archive into a database, which may be empty or missing, and brings its tables up to date.
pub async fn restore<R: Read + Send + 'static>(
    url: &DatabaseUrl,
    source: R,
    options: RestoreOptions,
    progress: Progress,
) -> Result<Summary, RestoreError> {
    let target = Target::find(url).await?;
    let work = move || read(target, source, options, progress);
    let summary = tokio::task::spawn_blocking(work).await.map_err(|panicked| RestoreError::Cut(panicked.into()))??;
    migrations::up(url).await.map_err(|error| RestoreError::Fold(error.into()))?;
    Ok(summary)
}

fn read<R: Read>(
    target: Target,
    source: R,
    options: RestoreOptions,
    mut progress: Progress,
) -> Result<Summary, RestoreError> {
    let (header, mut archive) = ArchiveReader::open(source)?;
    let known = migrations::known().map_err(RestoreError::Migrate)?;
    if !known.contains(&header.schema) {
        return Err(Damage::NewerSchema(header.schema).into());
    }
    let mut connection = target.open_alone()?;
    // Where anything fails the connection is closed, which rolls back.
    connection.begin()?;
    make_room(&mut connection, &known, options.replace)?;
    connection.migrate(Task::To(&header.schema)).map_err(RestoreError::Migrate)?;
    match fill(&mut connection, &mut archive, &mut progress) {
        // Where the archive is damaged, that is why the database refuses it.
        Err(RestoreError::Write(error)) => {
            archive.verify()?;
            return Err(error.into());
        }
        filled => filled?,
    }
    connection.migrate(Task::Up).map_err(RestoreError::Migrate)?;
    connection.begin_histories(options.epoch)?;
    connection.commit()?;
    Ok(Summary { header, tables: archive.tables().to_vec() })
}

/// Sees to it that all tables are empty.
fn make_room(connection: &mut Connection, known: &[String], replace: bool) -> Result<(), RestoreError> {
    connection.migrate(Task::Status).map_err(RestoreError::Migrate)?;
    let applied = connection.lines("SELECT version AS line FROM __diesel_schema_migrations ORDER BY version")?;
    if let Some(newer) = applied.into_iter().find(|version| !known.contains(version)) {
        return Err(RestoreError::NewerDatabase(newer));
    }
    let mut tables = Vec::new();
    for table in TABLES {
        if !exists(connection, table)? {
            continue;
        }
        let has_rows = !connection.lines(&format!("SELECT 'row' AS line FROM {table} LIMIT 1"))?.is_empty();
        if has_rows && !replace {
            return Err(RestoreError::NotEmpty(table.to_owned()));
        }
        tables.push(table);
    }
    Ok(empty(connection, &tables)?)
}

fn empty(connection: &mut Connection, tables: &[&str]) -> QueryResult<()> {
    match connection.dialect() {
        Dialect::Postgres if tables.is_empty() => Ok(()),
        Dialect::Postgres => connection.execute(&format!("TRUNCATE {}", tables.join(", "))),
        Dialect::Sqlite => {
            tables.iter().rev().try_for_each(|table| connection.execute(&format!("DELETE FROM {table}")))
        }
    }
}

fn stored(connection: &mut Connection, table: &str) -> Result<Vec<Stored>, RestoreError> {
    columns(connection, table).map_err(|error| match error {
        BackupError::Read(error) => RestoreError::Write(error),
        other => RestoreError::Migrate(other.into()),
    })
}

/// Writes all rows. Returns when the archive turned out to be complete and undamaged.
fn fill<R: Read>(
    connection: &mut Connection,
    archive: &mut ArchiveReader<R>,
    progress: &mut Progress,
) -> Result<(), RestoreError> {
    let mut rows: Option<Rows> = None;
    loop {
        match archive.next()? {
            Part::Row(row) => {
                if let Some(rows) = &mut rows {
                    rows.add(connection, &row, progress)?;
                }
            }
            next @ (Part::Table(_) | Part::End) => {
                if let Some(rows) = rows.take() {
                    rows.finish(connection, progress)?;
                }
                let Part::Table(table) = next else { return Ok(()) };
                rows = Some(Rows::of(connection, &table)?);
            }
        }
    }
}

/// Rows of one table on their way into it.
struct Rows {
    table: String,
    insert: String,
    count: u64,
    /// An array of JSON that is yet to be closed.
    waiting: String,
}

impl Rows {
    fn of(connection: &mut Connection, table: &Table) -> Result<Self, RestoreError> {
        let Table { name, columns } = table;
        let damaged = || Damage::Damaged(format!("its table {name} has other columns than the schema says"));
        if !TABLES.contains(&name.as_str()) {
            return Err(Damage::Damaged("it has a table that this service does not".to_owned()).into());
        }
        let there = stored(connection, name)?;
        if there.len() != columns.len() {
            return Err(damaged().into());
        }
        // In the order of the archive: where a table was migrated differently it may be another.
        let find = |column: &Column| there.iter().find(|stored| stored.column == *column).cloned().ok_or_else(damaged);
        let ordered = columns.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let insert = insert(connection.dialect(), name, &ordered);
        Ok(Self { table: name.clone(), insert, count: 0, waiting: String::new() })
    }

    fn add(&mut self, connection: &mut Connection, row: &str, progress: &mut Progress) -> QueryResult<()> {
        self.waiting.push(if self.waiting.is_empty() { '[' } else { ',' });
        self.waiting.push_str(row);
        self.count += 1;
        if self.waiting.len() >= BYTES_AT_ONCE {
            self.write(connection)?;
        }
        if self.count.is_multiple_of(ROWS_A_WORD) {
            progress(&self.table, self.count);
        }
        Ok(())
    }

    fn finish(mut self, connection: &mut Connection, progress: &mut Progress) -> QueryResult<()> {
        self.write(connection)?;
        progress(&self.table, self.count);
        Ok(())
    }

    fn write(&mut self, connection: &mut Connection) -> QueryResult<()> {
        if !self.waiting.is_empty() {
            self.waiting.push(']');
            connection.execute_with(&self.insert, &self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }
}
