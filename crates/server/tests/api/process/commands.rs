//! `contacts openapi` and `contacts healthcheck`

use std::net::TcpListener;

use crate::harness::{App, Setup, on_both_databases};

on_both_databases!(a_health_check_knows_whether_the_server_answers);

#[tokio::test]
async fn the_document_can_be_had_without_a_server() {
    let app = Setup::sqlite().env("PUBLIC_URL", "http://localhost:8000").start();
    let served = app.root().get("/openapi.json").await.expect(200).json();
    // Nothing is set up for it: no database, no folder.
    let setup = Setup::sqlite().without_env("DATA_DIR").without_env("BIND_ADDRESS");
    let printed = setup.run(&["openapi"]);
    assert!(printed.status.success(), "{printed:?}");
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).expect("a document and nothing else");
    assert_eq!(document, served);
    assert!(setup.folder().read_dir().unwrap().next().is_none(), "it leaves nothing behind");
}

async fn a_health_check_knows_whether_the_server_answers(app: App) {
    let address = |port: u16| Setup::sqlite().env("BIND_ADDRESS", &format!("127.0.0.1:{port}"));
    let healthy = address(app.origin().port().unwrap()).run(&["healthcheck"]);
    assert!(healthy.status.success(), "{healthy:?}");
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let unhealthy = address(free).run(&["healthcheck"]);
    assert_eq!(unhealthy.status.code(), Some(1), "{unhealthy:?}");
}
