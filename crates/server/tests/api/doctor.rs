//! `contacts doctor`: what the service needs, each in a sentence.

use std::process::Output;

use serde_json::Value;

use crate::harness::{App, RedisServer, Setup, on_both_databases};

on_both_databases!(of_a_service_that_is_well_nothing_is_wrong, a_database_that_lacks_migrations_is_said_to);

/// What was found of each thing.
fn findings(output: &Output) -> Vec<(String, bool, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let finding = |line: &str| {
        let finding: Value = serde_json::from_str(line).unwrap();
        (text(&finding["check"]), finding["ok"].as_bool().unwrap(), text(&finding["detail"]))
    };
    String::from_utf8_lossy(&output.stdout).lines().map(finding).collect()
}

fn wrong(output: &Output) -> Vec<(String, String)> {
    findings(output).into_iter().filter(|(_, ok, _)| !ok).map(|(what, _, detail)| (what, detail)).collect()
}

async fn of_a_service_that_is_well_nothing_is_wrong(setup: Setup) {
    let redis = RedisServer::start();
    let app: App = setup.env("REDIS_URL", redis.url()).start();
    let output = app.setup().run(&["doctor", "--json"]);
    // The databases of tests need not outlive a power cut.
    let wrong: Vec<_> = wrong(&output).into_iter().filter(|(_, detail)| !detail.contains("fsync")).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let checked: Vec<_> = findings(&output).into_iter().map(|(what, ..)| what).collect();
    assert_eq!(checked, ["configuration", "keys", "database", "redis", "mail", "avatars", "port"]);
    let text = app.setup().run(&["doctor"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("ok    redis          It answers, and keeps what it is told.\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

async fn a_database_that_lacks_migrations_is_said_to(app: App) {
    let setup = app.stop().0;
    assert!(setup.run(&["migrate", "down", "--steps", "1"]).status.success());
    let output = setup.run(&["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let wrong = wrong(&output);
    assert!(
        wrong.iter().any(|(what, detail)| what == "database" && detail.contains("contacts migrate up")),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn each_thing_that_is_away_is_named_and_no_other_is_left_out() {
    let setup = Setup::sqlite()
        .env("DATABASE_URL", "postgres://nobody:of-nobody@127.0.0.1:1/nothing")
        .env("REDIS_URL", "redis://127.0.0.1:1")
        .env("SMTP_URL", "smtp://127.0.0.1:1?tls=none");
    let output = setup.run(&["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let wrong: Vec<_> = wrong(&output).into_iter().map(|(what, _)| what).collect();
    assert_eq!(wrong, ["database", "redis", "mail"]);
    assert_eq!(findings(&output).len(), 7);
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!told.contains("of-nobody"), "{told}");
    assert!(told.contains("3 things are wrong."), "{told}");
}

#[cfg(unix)]
#[tokio::test]
async fn keys_that_others_may_read_are_named() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let app = Setup::sqlite().start();
    let key = app.setup().folder().join("data/keys/jwt_secret");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let wrong = wrong(&app.setup().run(&["doctor", "--json"]));
    assert!(
        matches!(wrong.as_slice(), [(what, detail)] if what == "keys" && detail.contains("jwt_secret")),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn a_configuration_with_faults_is_the_first_thing_to_mend() {
    let output = Setup::sqlite().env("BCRYPT_COST", "99").run(&["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let wrong = wrong(&output);
    assert!(matches!(wrong.as_slice(), [(what, detail)] if what == "configuration" && detail.contains("BCRYPT_COST")));
}
