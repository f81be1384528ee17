//! What the database holds, seen beside the server; and what no test can wait for, put there.

use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types};
use reqwest::Url;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::setup::Setup;

/// A time that is long over, for a column that is to hold one.
pub(crate) const LONG_AGO: &str = "'2020-01-01 00:00:00'";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    text: Option<String>,
}

impl Setup {
    /// Runs one statement, which both databases must understand. Its rows have one column, which is text
    /// and is called `text`; null is the empty text.
    pub(crate) async fn sql(&self, statement: &str) -> Vec<String> {
        match self.database_url() {
            Some(url) => postgres(&url, statement).await,
            None => self.sqlite_file(statement),
        }
    }

    /// Whether a transaction has written something and is not over.
    pub(crate) async fn is_being_written(&self) -> bool {
        match self.database_url() {
            Some(_) => {
                let writers = "SELECT pid::text AS text FROM pg_stat_activity \
                    WHERE datname = current_database() AND backend_xid IS NOT NULL";
                !self.sql(writers).await.is_empty()
            }
            // Whoever writes keeps everybody else from it.
            None => self.open_sqlite().batch_execute("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK").is_err(),
        }
    }

    fn open_sqlite(&self) -> SqliteConnection {
        let file = self.folder().join("data").join("contacts.db");
        SqliteConnection::establish(file.to_str().unwrap()).expect("open the database")
    }

    fn sqlite_file(&self, statement: &str) -> Vec<String> {
        let mut connection = self.open_sqlite();
        // The server writes at the same time.
        connection.batch_execute("PRAGMA busy_timeout = 30000").unwrap();
        let rows: Vec<Row> = diesel::sql_query(statement).load(&mut connection).expect(statement);
        rows.into_iter().map(|row| row.text.unwrap_or_default()).collect()
    }
}

async fn postgres(url: &Url, statement: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url.as_str(), NoTls).await.expect("reach the database");
    let connection = tokio::spawn(connection);
    let messages = client.simple_query(statement).await.expect(statement);
    drop(client);
    connection.await.unwrap().unwrap();
    let text = |message| match message {
        SimpleQueryMessage::Row(row) => Some(row.get("text").unwrap_or_default().to_owned()),
        _ => None,
    };
    messages.into_iter().filter_map(text).collect()
}
