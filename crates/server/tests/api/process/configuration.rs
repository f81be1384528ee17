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
        ("JWT_PREVIOUS_SECRETS", "shorter"),
        ("REFRESH_TOKEN_TTL", "later"),
        ("SESSION_MAX_TTL", "much later"),
        ("SMTP_URL", "http://ada:canary@mail.example.com"),
        ("MAIL_FROM", "nobody"),
        ("REQUIRE_VERIFIED_EMAIL", "perhaps"),
        ("CLOUDINARY_URL", "https://key:canary@cloud"),
        ("RATE_LIMIT_ENABLED", "sometimes"),
        ("RATE_LIMIT_CONTACTS", "600"),
        ("RATE_LIMIT_AUTH", "0/min"),
        ("RATE_LIMIT_LOGIN", "5/week"),
        ("RATE_LIMIT_ADDRESS", "-1/s"),
        ("TRUSTED_PROXIES", "17"),
        ("CORS_ALLOWED_ORIGINS", "*"),
        ("SHUTDOWN_DRAIN", "11m"),
        ("CONTACT_CREATE_LIMIT", "none"),
        ("CONTACT_CREATE_WINDOW", "0s"),
        ("REDIS_URL", "http://:canary@cache"),
    ];
    let setup = faults.iter().fold(Setup::sqlite(), |setup, (name, value)| setup.env(name, value));
    let output = setup.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    for (name, _) in faults {
        assert!(text(&output).contains(name), "{name} is not named: {}", text(&output));
    }
    assert!(!text(&output).contains("canary"), "{}", text(&output));
    // The server does not start with them either, and says the same.
    let (status, log) = setup.spawn(&["serve"]).refuses_to_start();
    assert!(!status.success());
    assert!(faults.iter().all(|(name, _)| log.contains(name)), "{log}");
    assert!(!log.contains("canary"), "{log}");

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

#[test]
fn the_credentials_of_other_services_are_shown_nowhere() {
    let secrets = ["canary-smtp", "canary-cloudinary", "canary-redis", "canary-previous-secret-of-32-bytes!!"];
    let setup = Setup::sqlite()
        .env("SMTP_URL", &format!("smtp://ada:{}@mail.example.com:587?tls=required", secrets[0]))
        .env("CLOUDINARY_URL", &format!("cloudinary://12345:{}@cloud", secrets[1]))
        .env("REDIS_URL", &format!("redis://:{}@127.0.0.1:1/0", secrets[2]))
        .env("JWT_PREVIOUS_SECRETS", secrets[3]);
    for command in ["dump", "check"] {
        let output = setup.run(&["config", command]);
        assert!(output.status.success(), "{output:?}");
        for secret in secrets {
            assert!(!text(&output).contains(secret), "{}", text(&output));
        }
    }
    let dump = text(&setup.run(&["config", "dump"]));
    for shown in ["smtp://ada:***@mail.example.com:587", "cloudinary://12345:***@cloud", "redis://:***@127.0.0.1:1/0"] {
        assert!(dump.contains(shown), "what is no secret helps to find a mistake: {dump}");
    }
    // Nor does the server, which says at its start what it uses.
    let server = setup.spawn(&["serve"]);
    server.listening();
    let (_, log) = server.terminate();
    assert!(log.contains("mail.example.com"), "{log}");
    for secret in secrets {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn production_asks_for_a_sender_where_it_sends() {
    let setup = Setup::sqlite()
        .env("APP_ENV", "production")
        .env("BCRYPT_COST", "12")
        .env("JWT_SECRET", "a-secret-of-this-test-of-32-bytes!!")
        .env("PASSWORD_PEPPER", "a-pepper-of-this-test-of-32-bytes!!")
        .env("SMTP_URL", "smtp://mail.example.com");
    let output = setup.run(&["config", "check"]);
    assert!(!output.status.success() && text(&output).contains("MAIL_FROM must be set"), "{output:?}");
    let output = setup.env("MAIL_FROM", "contacts@example.com").run(&["config", "check"]);
    assert!(output.status.success(), "{output:?}");
}
