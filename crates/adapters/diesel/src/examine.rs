//! What may be wrong with a database that answers.

use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};

use crate::{
    sqlite,
    url::{DatabaseUrl, Kind},
};

/// Why a database could not be examined.
#[derive(Debug, thiserror::Error)]
#[error("the database cannot be examined")]
pub struct ExamineError(#[source] Box<dyn std::error::Error + Send + Sync>);

type Outcome = Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>>;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

/// Sentences about what is wrong and what to do; none where all is well. Nothing is changed.
pub async fn examine(url: &DatabaseUrl) -> Result<Vec<String>, ExamineError> {
    let examined = match &url.0 {
        Kind::Postgres(url) => {
            let (connection, _) = url.connect("").await.map_err(|error| ExamineError(error.into()))?;
            tokio::task::spawn_blocking(move || postgres(connection)).await
        }
        Kind::Sqlite(path) => {
            let path = path.to_string_lossy().into_owned();
            tokio::task::spawn_blocking(move || sqlite(&path)).await
        }
    };
    examined.map_err(|panicked| ExamineError(panicked.into()))?.map_err(ExamineError)
}

fn postgres(connection: AsyncPgConnection) -> Outcome {
    let mut connection = AsyncConnectionWrapper::<AsyncPgConnection>::from(connection);
    let mut setting = |name: &str| -> Result<String, diesel::result::Error> {
        let line: Line = sql_query(format!("SELECT current_setting('{name}') AS text")).get_result(&mut connection)?;
        Ok(line.text)
    };
    let mut wrong = Vec::new();
    let language = setting("lc_messages")?;
    if !["", "POSIX"].contains(&language.as_str()) && !language.starts_with("en") && !language.starts_with('C') {
        wrong.push(format!(
            "PostgreSQL speaks {language}: faults that pass by themselves are answered by 500 instead of 503. Set lc_messages \
             to C or en_US.UTF-8."
        ));
    }
    let encoding = setting("server_encoding")?;
    if encoding != "UTF8" {
        wrong.push(format!("The database is encoded in {encoding}: it cannot hold every name. Make one with UTF8."));
    }
    if setting("fsync")? == "off" || setting("full_page_writes")? == "off" {
        wrong.push("PostgreSQL has fsync or full_page_writes off: what was acknowledged may be lost.".to_owned());
    }
    Ok(wrong)
}

fn sqlite(path: &str) -> Outcome {
    let mut connection = SqliteConnection::establish(path)?;
    sqlite::configure(&mut connection)?;
    let mut wrong = Vec::new();
    let lines: Vec<Line> = sql_query("SELECT quick_check AS text FROM pragma_quick_check").load(&mut connection)?;
    let faults: Vec<_> = lines.into_iter().map(|line| line.text).filter(|text| text != "ok").collect();
    if !faults.is_empty() {
        wrong.push(format!("The database file is damaged: restore a backup. {}", faults.join(" ")));
    }
    if let Err(error) = connection.batch_execute("BEGIN IMMEDIATE; ROLLBACK") {
        wrong.push(format!("The database file cannot be written: {error}."));
    }
    Ok(wrong)
}
