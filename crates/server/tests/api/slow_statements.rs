//! What takes long is in the log, without saying what was asked.

use crate::harness::{Setup, ada, path_of};

#[tokio::test]
async fn a_statement_that_takes_long_is_logged_with_its_request() {
    let app = Setup::postgres().await.start();
    let user = app.register("user@example.com").await;
    let path = path_of(&user.create(ada()).await);
    let (database, connection) =
        tokio_postgres::connect(app.setup().database_url().unwrap().as_str(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    database.batch_execute("BEGIN; LOCK TABLE contacts").await.unwrap();
    // It waits for as long as a quick read may.
    let answer = user.get(&path).await;
    let id = answer.header("x-request-id").to_owned();
    answer.problem(503, "unavailable");
    let log = app.process().log();
    let line = log.wait_for(|line| line.contains("a statement took long").then(|| line.to_owned())).unwrap();
    assert!(line.contains("contacts_diesel::contact::reader") && line.contains(&id), "{line}");
    assert!(!line.contains(path.rsplit('/').next().unwrap()), "{line}");
}
