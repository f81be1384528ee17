//! `contacts migrate`, and what a server does about its database when it starts.

use std::process::Output;

use crate::harness::{Setup, on_both_databases};

on_both_databases!(migrations_go_up_and_down, a_server_needs_its_tables);

fn done(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

async fn migrations_go_up_and_down(setup: Setup) {
    let status = |setup: &Setup| done(setup.run(&["migrate", "status"]));
    let empty = status(&setup);
    done(setup.run(&["migrate", "up"]));
    let migrated = status(&setup);
    assert_ne!(empty, migrated);
    // Where there is nothing to do nothing happens.
    done(setup.run(&["migrate", "up"]));
    assert_eq!(status(&setup), migrated);
    done(setup.run(&["migrate", "down"]));
    assert_ne!(status(&setup), migrated);
    done(setup.run(&["migrate", "up"]));
    assert_eq!(status(&setup), migrated);
    let app = setup.env("AUTO_MIGRATE", "false").start();
    app.register("user@example.com").await.create(crate::harness::ada()).await;
}

async fn a_server_needs_its_tables(setup: Setup) {
    let setup = setup.env("AUTO_MIGRATE", "false");
    let (status, log) = setup.spawn(&["serve"]).refuses_to_start();
    assert!(!status.success());
    assert!(log.contains("AUTO_MIGRATE") || log.contains("migrate"), "it says what to do: {log}");
    setup.env("AUTO_MIGRATE", "true").start().register("user@example.com").await;
}

/// Both find an empty database at the same moment.
#[tokio::test]
async fn two_servers_may_start_at_once() {
    let secret = "one-secret-for-both-of-them-with-32-bytes";
    let setup = Setup::postgres().await.env("JWT_SECRET", secret).env("PASSWORD_PEPPER", secret);
    let servers = [setup.spawn(&["serve"]), setup.spawn(&["serve"])];
    let [one, other] = servers.each_ref().map(|server| crate::harness::Client::of(&server.listening()));
    one.register("user@example.com", serde_json::json!({})).await.expect(201);
    let contact = one.logged_in("user@example.com").await.create(crate::harness::ada()).await;
    let user = other.logged_in("user@example.com").await;
    assert_eq!(user.list(&[]).await["items"], serde_json::json!([contact]));
}
