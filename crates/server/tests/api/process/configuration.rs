//! Settings: faults are named together, secrets are shown to nobody.

use std::process::Output;

use crate::harness::Setup;

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_check_names_every_fault() {
    let faults = [
        ("BIND_ADDRESS", "everywhere"),
        ("DATABASE_URL", "mysql://localhost/contacts"),
        ("DATABASE_POOL_SIZE", "many"),
        ("BCRYPT_COST", "99"),
        ("ACCESS_TOKEN_TTL", "soon"),
        ("CONTACTS_REQUIRED_FIELDS", "first_name,nickname"),
        ("JWT_SECRET", "short"),
    ];
    let setup = faults.iter().fold(Setup::sqlite(), |setup, (name, value)| setup.env(name, value));
    let output = setup.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    for (name, _) in faults {
        assert!(text(&output).contains(name), "{name} is not named: {}", text(&output));
    }
    // The server does not start with them either, and says the same.
    let (status, log) = setup.spawn(&["serve"]).refuses_to_start();
    assert!(!status.success());
    assert!(faults.iter().all(|(name, _)| log.contains(name)), "{log}");

    let fine = Setup::sqlite().run(&["config", "check"]);
    assert!(fine.status.success(), "{fine:?}");
}

#[test]
fn production_needs_secrets_of_its_own() {
    let setup = Setup::sqlite().env("APP_ENV", "production").env("BCRYPT_COST", "12");
    let (status, log) = setup.spawn(&["serve"]).refuses_to_start();
    assert!(!status.success());
    assert!(log.contains("JWT_SECRET") && log.contains("PASSWORD_PEPPER"), "{log}");
    let cheap = setup.env("BCRYPT_COST", "4").run(&["config", "check"]);
    assert!(!cheap.status.success() && text(&cheap).contains("BCRYPT_COST"), "{cheap:?}");
}

#[test]
fn a_dump_shows_where_settings_come_from_and_no_secrets() {
    let secrets = ["canary-secret-of-at-least-32-bytes!!", "canary-pepper-of-at-least-32-bytes!!", "canary-database"];
    let setup = Setup::sqlite()
        .env("JWT_SECRET", secrets[0])
        .env("PASSWORD_PEPPER", secrets[1])
        .env("DATABASE_URL", &format!("postgres://somebody:{}@localhost/contacts", secrets[2]))
        .env("CONTACTS_REQUIRED_FIELDS", "last_name");
    std::fs::write(setup.folder().join(".env"), "ACCESS_TOKEN_TTL=7m\nCONTACTS_REQUIRED_FIELDS=email\n").unwrap();
    let output = setup.run(&["config", "dump"]);
    assert!(output.status.success(), "{output:?}");
    let text = text(&output);
    for secret in secrets {
        assert!(!text.contains(secret), "{text}");
    }
    for name in ["JWT_SECRET", "PASSWORD_PEPPER", "DATABASE_URL", "ACCESS_TOKEN_TTL", "BCRYPT_COST", ".env"] {
        assert!(text.contains(name), "{name} is missing: {text}");
    }
    let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap();
    assert!(
        line("CONTACTS_REQUIRED_FIELDS").contains("last_name"),
        "the environment counts more than the file: {text}"
    );
    assert!(line("ACCESS_TOKEN_TTL").contains("7m"), "and the file more than the default: {text}");
}
