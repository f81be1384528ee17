//! What outlives the server.

use serde_json::json;

use crate::harness::{App, Client, Setup, ada, on_both_databases};

on_both_databases!(data_and_logins_outlive_a_restart);

async fn data_and_logins_outlive_a_restart(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let token = user.token().to_owned();
    let (setup, _) = app.stop();
    let app = setup.start();
    // The keys were made by the first server: the second one knows its tokens and passwords.
    assert_eq!(app.api().with_token(&token).list(&[]).await["items"], json!([contact]));
    app.api().logged_in("user@example.com").await;
}

#[tokio::test]
async fn nothing_needs_to_be_set() {
    let setup = Setup::sqlite().without_env("DATA_DIR").without_env("BCRYPT_COST").without_env("LOG_LEVEL");
    let process = setup.spawn(&["serve"]);
    let origin = process.listening();
    let api = Client::of(&origin);
    api.register("user@example.com", json!({})).await.expect(201);
    let (api_line, docs_line) = (process.banner_line("API").unwrap(), process.banner_line("Docs").unwrap());
    assert_eq!((api_line, docs_line), (format!("{origin}api/v1"), format!("{origin}docs")));
    let data = setup.folder().join("data");
    assert!(data.join("contacts.db").is_file());
    assert_keys_are_private(&data);
    let (status, log) = process.terminate();
    assert!(status.success(), "it ends in peace: {log}");
}

/// Nobody else on the machine may read them.
#[cfg(unix)]
fn assert_keys_are_private(data: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;

    let keys: Vec<_> = data.join("keys").read_dir().unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(keys.len(), 2, "{keys:?}");
    for key in keys {
        assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", key.path());
    }
}

#[cfg(not(unix))]
fn assert_keys_are_private(_data: &std::path::Path) {}
