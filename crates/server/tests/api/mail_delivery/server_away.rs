//! The mail server is down for a while.

use contacts_contract::servers::smtp::{SmtpOptions, SmtpServer};
use serde_json::json;

use super::{EMAIL, VERIFY_EMAIL, mail_server, sending_by, token};
use crate::harness::{App, Setup, on_both_databases};

on_both_databases!(
    a_mail_that_was_ordered_while_the_mail_server_was_down_arrives_once_it_is_up,
    a_mail_server_that_goes_away_in_between_costs_no_mail,
);

/// Waits until the server has tried in vain to send a mail.
fn hears_of_failure(app: &App) {
    let failed = |line: &str| line.contains("a mail could not be sent").then_some(());
    app.process().log().wait_for(failed).expect("the mail should have been tried");
}

async fn a_mail_that_was_ordered_while_the_mail_server_was_down_arrives_once_it_is_up(setup: Setup) {
    let smtp = SmtpServer::reserve(SmtpOptions::default());
    let app = sending_by(&smtp, setup).start();
    app.api().register(EMAIL, json!({})).await.expect(201);
    hears_of_failure(&app);
    smtp.restart();
    let mail = smtp.wait_for(1).await.remove(0);
    assert_eq!(mail.recipients, [EMAIL]);
    assert_eq!(mail.header("Subject").as_deref(), Some(VERIFY_EMAIL));
    // Its time has begun when it was sent.
    let link = mail.link().unwrap();
    app.api().post("/auth/email/verify", json!({"token": token(&link)})).await.expect(204);
    let user = app.api().logged_in(EMAIL).await;
    assert_eq!(user.get("/users/me").await.expect(200).json()["email_verified"], true);
}

async fn a_mail_server_that_goes_away_in_between_costs_no_mail(setup: Setup) {
    let smtp = mail_server();
    let app = sending_by(&smtp, setup).start();
    app.api().register(EMAIL, json!({})).await.expect(201);
    smtp.wait_for(1).await;
    smtp.stop();
    app.api().post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    hears_of_failure(&app);
    smtp.restart();
    let mails = smtp.wait_for(2).await;
    assert_eq!(mails[1].header("Subject").as_deref(), Some("Choose a new password"));
}
