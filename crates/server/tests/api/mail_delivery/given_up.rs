//! A mail that a mail server refuses for good is an operator's.

use contacts_contract::servers::smtp::{Answer, Stage};
use serde_json::{Value, json};

use super::{EMAIL, mail_server, sending_by, token};
use crate::harness::{App, Setup, on_both_databases};

on_both_databases!(a_mail_that_was_refused_is_listed_and_arrives_when_it_is_requeued, one_mail_is_requeued_by_its_id);

/// What the command prints. It must succeed.
fn run(app: &App, arguments: &[&str]) -> String {
    let output = app.setup().run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Waits until so many mails were given up.
fn gives_up(app: &App, count: usize) {
    let given_up = |line: &str| line.contains("a mail was given up").then_some(());
    assert_eq!(app.process().log().wait_for_first(count, given_up).len(), count);
}

async fn a_mail_that_was_refused_is_listed_and_arrives_when_it_is_requeued(setup: Setup) {
    let smtp = mail_server();
    smtp.set_answer(Answer::say(Stage::Recipient, "550 5.1.1 nobody of that name"));
    let app = sending_by(&smtp, setup).start();
    assert_eq!(run(&app, &["mail", "list"]), "No mail was given up.\n");
    app.api().register(EMAIL, json!({})).await.expect(201);
    gives_up(&app, 1);
    let list = run(&app, &["mail", "list"]);
    assert!(list.contains("verify_email") && list.contains("550"), "{list}");
    assert_eq!(list.lines().count(), 1, "{list}");
    assert!(!list.contains(EMAIL), "to whom it goes is nobody's business: {list}");

    smtp.set_answer(Answer::Accept);
    assert_eq!(run(&app, &["mail", "requeue", "--all"]), "1 mail will be tried again.\n");
    let mail = smtp.wait_for(1).await.remove(0);
    assert_eq!(mail.recipients, [EMAIL]);
    let link = mail.link().unwrap();
    app.api().post("/auth/email/verify", json!({"token": token(&link)})).await.expect(204);
    assert_eq!(run(&app, &["mail", "list"]), "No mail was given up.\n");
}

async fn one_mail_is_requeued_by_its_id(setup: Setup) {
    let smtp = mail_server();
    smtp.set_answer(Answer::say(Stage::Recipient, "550 5.1.1 nobody of that name"));
    let app = sending_by(&smtp, setup).start();
    for email in [EMAIL, "grace@example.com"] {
        app.api().register(email, json!({})).await.expect(201);
    }
    gives_up(&app, 2);
    smtp.set_answer(Answer::Accept);
    let list: Value = serde_json::from_str(&run(&app, &["mail", "list", "--json"])).unwrap();
    let [first, second] = list.as_array().unwrap().as_slice() else { panic!("{list:#}") };
    run(&app, &["mail", "requeue", first["id"].as_str().unwrap()]);
    smtp.wait_for(1).await;
    let left: Value = serde_json::from_str(&run(&app, &["mail", "list", "--json"])).unwrap();
    assert_eq!(left, json!([second]));
    assert_eq!(run(&app, &["mail", "requeue", "--all"]), "1 mail will be tried again.\n");
    assert_eq!(run(&app, &["mail", "requeue", "--all"]), "0 mails will be tried again.\n");
    let unknown = app.setup().run(&["mail", "requeue", first["id"].as_str().unwrap()]);
    assert!(!unknown.status.success());
}
