//! `contacts user`: what an operator does to accounts, beside the service that runs.

use serde_json::{Value, json};

use crate::harness::{App, LOG_DELIVERIES, Letter, PASSWORD, Setup, ada, on_both_databases};

on_both_databases!(
    accounts_are_listed_in_the_order_of_their_addresses_and_found_by_part_of_one,
    an_account_is_made_with_a_password_that_no_argument_holds,
    an_account_is_verified_without_a_link,
    who_is_disabled_neither_logs_in_nor_uses_a_token_until_they_are_enabled,
    a_password_is_reset_by_a_link_or_at_once,
    what_cannot_be_done_is_said_in_a_sentence,
);

const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "Marble-Teapot-77-Lemon";

/// What the command prints. It must succeed.
fn user(app: &App, arguments: &[&str]) -> String {
    with_input(app, arguments, "")
}

fn with_input(app: &App, arguments: &[&str], input: &str) -> String {
    let output = app.setup().run_with(&[&["user"], arguments].concat(), input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(app: &App, arguments: &[&str], input: &str) -> String {
    let output = app.setup().run_with(&[&["user"], arguments].concat(), input);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn shown(app: &App, whose: &str) -> Value {
    serde_json::from_str(&user(app, &["show", whose, "--json"])).unwrap()
}

async fn accounts_are_listed_in_the_order_of_their_addresses_and_found_by_part_of_one(app: App) {
    assert_eq!(user(&app, &["list"]), "There is no such account.\n");
    assert_eq!(user(&app, &["list", "--json"]), "");
    for email in ["grace@example.com", "a_b@example.com", "Ada@example.com", "axb@example.com"] {
        app.api().register(email, json!({})).await.expect(201);
    }
    let listed = |flags: &[&str]| -> Vec<String> {
        let text = user(&app, &[&["list", "--json"], flags].concat());
        let email = |line: &str| serde_json::from_str::<Value>(line).unwrap()["email"].as_str().unwrap().to_owned();
        text.lines().map(email).collect()
    };
    assert_eq!(listed(&[]), ["a_b@example.com", "Ada@example.com", "axb@example.com", "grace@example.com"]);
    assert_eq!(listed(&["--email", "A_B"]), ["a_b@example.com"], "no character stands for another");
    assert!(listed(&["--email", "%"]).is_empty());
    let text = user(&app, &["list", "--email", "grace"]);
    assert!(text.ends_with("  grace@example.com  not verified  never logged in\n"), "{text}");
}

async fn an_account_is_made_with_a_password_that_no_argument_holds(app: App) {
    let printed = with_input(&app, &["create", ADA, "--verified"], &format!("{PASSWORD}\n"));
    let account = shown(&app, ADA);
    assert_eq!(account["id"].as_str().unwrap(), printed.trim());
    assert_eq!((&account["email_verified"], &account["disabled"]), (&json!(true), &json!(false)));
    assert_eq!(account["last_login_at"], Value::Null);
    let user = app.api().logged_in(ADA).await;
    user.create(ada()).await;
    assert!(shown(&app, ADA)["last_login_at"].is_string());
    assert!(refused(&app, &["create", ADA], PASSWORD).contains("There is an account with the address"));
    let weak = refused(&app, &["create", "grace@example.com"], "short");
    assert!(weak.contains("password: ") && !weak.contains("short"), "{weak}");
    assert!(refused(&app, &["create", "grace"], PASSWORD).contains("email: "));
    assert!(refused(&app, &["create", "grace@example.com"], "").contains("There is no password"));
}

async fn an_account_is_verified_without_a_link(setup: Setup) {
    let app = setup.env("REQUIRE_VERIFIED_EMAIL", "true").start();
    app.api().register(ADA, json!({})).await.expect(201);
    app.api().log_in(ADA, PASSWORD).await.problem(403, "email_not_verified");
    assert_eq!(user(&app, &["verify", "Ada@Example.com"]), "ada@example.com is verified.\n");
    assert_eq!(user(&app, &["verify", ADA]), "ada@example.com was verified already.\n");
    app.api().log_in(ADA, PASSWORD).await.expect(200);
}

async fn who_is_disabled_neither_logs_in_nor_uses_a_token_until_they_are_enabled(app: App) {
    app.api().register(ADA, json!({})).await.expect(201);
    let tokens = app.api().log_in(ADA, PASSWORD).await.expect(200).json();
    let id = shown(&app, ADA)["id"].as_str().unwrap().to_owned();
    assert_eq!(user(&app, &["disable", &id]), "ada@example.com is disabled.\n");
    assert_eq!(shown(&app, ADA)["disabled"], true);
    let kept_out = app.api().log_in(ADA, PASSWORD).await.problem(401, "invalid_credentials");
    let wrong = app.api().log_in(ADA, "another password").await.problem(401, "invalid_credentials");
    assert_eq!(kept_out["detail"], wrong["detail"]);
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    app.api().post("/auth/refresh", &refresh).await.problem(401, "invalid_token");
    // This process never saw the session.
    let restarted = app.stop().0.start();
    let access = restarted.api().with_token(tokens["access_token"].as_str().unwrap());
    access.get("/users/me").await.problem(401, "invalid_token");

    assert_eq!(user(&restarted, &["enable", ADA]), "ada@example.com is enabled.\n");
    access.get("/users/me").await.problem(401, "invalid_token");
    restarted.api().log_in(ADA, PASSWORD).await.expect(200);
    let log = restarted.setup().run(&["audit", "list", "--user", ADA]);
    let log = String::from_utf8(log.stdout).unwrap();
    assert!(log.contains("  account_disabled  ") && log.contains("  account_enabled  "), "{log}");
}

async fn a_password_is_reset_by_a_link_or_at_once(setup: Setup) {
    let app = setup.env(LOG_DELIVERIES.0, LOG_DELIVERIES.1).start();
    app.api().register(ADA, json!({})).await.expect(201);
    user(&app, &["verify", ADA]);
    let tokens = app.api().log_in(ADA, PASSWORD).await.expect(200).json();
    user(&app, &["reset-password", ADA]);
    let token = app.mailed_token(Letter::ResetPassword, ADA);
    with_input(&app, &["reset-password", ADA, "--set"], &format!("{NEW_PASSWORD}\r\n"));
    app.mail(Letter::PasswordChanged, ADA);
    app.api().log_in(ADA, PASSWORD).await.problem(401, "invalid_credentials");
    app.api().log_in(ADA, NEW_PASSWORD).await.expect(200);
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    app.api().post("/auth/refresh", &refresh).await.problem(401, "invalid_token");
    let reset = json!({"token": token, "new_password": PASSWORD});
    app.api().post("/auth/password/reset", &reset).await.problem(400, "invalid_link");
}

async fn what_cannot_be_done_is_said_in_a_sentence(app: App) {
    let nobody = "error: Nobody has an account with the address or the id nobody@example.com.\n";
    for command in ["show", "verify", "disable", "enable", "reset-password"] {
        assert_eq!(refused(&app, &[command, "nobody@example.com"], ""), nobody, "{command}");
    }
    assert_eq!(app.setup().run(&["user", "show"]).status.code(), Some(2));
}
