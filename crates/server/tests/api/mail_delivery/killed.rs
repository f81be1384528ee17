//! This server is killed in the middle of sending a mail, and started again.

use std::{collections::BTreeSet, time::Duration};

use contacts_contract::servers::smtp::{Answer, Received, SmtpServer, Stage};
use serde_json::json;

use super::{EMAIL, mail_server, sending_by, token};
use crate::harness::{App, LONG_AGO, Setup, eventually, on_both_databases};

on_both_databases!(
    a_mail_ordered_a_moment_before_the_kill_arrives,
    a_kill_while_a_mail_is_being_handed_over_costs_no_mail,
    a_mail_that_was_taken_when_the_kill_came_may_arrive_again_and_is_the_same,
    a_server_that_ends_in_order_leaves_its_mail_to_the_next_one,
);

const PATIENCE: Duration = Duration::from_secs(30);

/// Lets nobody hold a mail any more: a lease lasts longer than a test.
async fn end_leases(setup: &Setup) {
    setup.sql(&format!("UPDATE outbox SET leased_until = {LONG_AGO} WHERE lease IS NOT NULL")).await;
}

/// Waits until there is no mail left to send.
async fn outbox_is_empty(app: &App) {
    eventually("the outbox is empty", PATIENCE, async || {
        let left = app.setup().sql("SELECT CAST(COUNT(*) AS TEXT) AS text FROM outbox").await;
        (left == ["0"]).then_some(())
    })
    .await;
}

/// Asserts that these are copies of one mail, whose link works.
async fn assert_one_mail(app: &App, mails: &[Received]) {
    let ids: BTreeSet<_> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let links: BTreeSet<_> = mails.iter().map(|mail| mail.link().unwrap()).collect();
    let tokens: BTreeSet<_> = links.iter().map(|link| token(link)).collect();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    assert!(mails.iter().all(|mail| mail.recipients == [EMAIL]));
    let token = tokens.first().unwrap();
    app.api().post("/auth/email/verify", json!({"token": token})).await.expect(204);
}

/// Has a mail ordered, and returns when the server is about to hand it over.
async fn begins_to_send(smtp: &SmtpServer, setup: Setup) -> App {
    let app = sending_by(smtp, setup).start();
    let before = smtp.connections();
    app.api().register(EMAIL, json!({})).await.expect(201);
    eventually("the server calls the mail server", PATIENCE, async || {
        tokio::task::yield_now().await;
        (smtp.connections() > before).then_some(())
    })
    .await;
    app
}

async fn a_mail_ordered_a_moment_before_the_kill_arrives(setup: Setup) {
    let smtp = mail_server();
    let app = sending_by(&smtp, setup).start();
    app.api().register(EMAIL, json!({})).await.expect(201);
    let setup = app.kill();
    // It may have been claimed by then.
    end_leases(&setup).await;
    let app = setup.start();
    let mails = smtp.wait_for(1).await;
    outbox_is_empty(&app).await;
    assert_one_mail(&app, &mails).await;
}

async fn a_kill_while_a_mail_is_being_handed_over_costs_no_mail(setup: Setup) {
    let smtp = mail_server();
    let mut setup = Some(setup);
    for (round, stage) in [Stage::Greeting, Stage::Recipient, Stage::Data, Stage::Message].into_iter().enumerate() {
        smtp.set_answer(Answer::Silence(stage));
        let app = match round {
            0 => begins_to_send(&smtp, setup.take().unwrap()).await,
            _ => {
                // The mail of the round before is still there.
                let before = smtp.connections();
                let app = setup.take().unwrap().start();
                eventually("the server calls the mail server again", PATIENCE, async || {
                    tokio::task::yield_now().await;
                    (smtp.connections() > before).then_some(())
                })
                .await;
                app
            }
        };
        let killed = app.kill();
        assert!(smtp.messages().is_empty());
        end_leases(&killed).await;
        setup = Some(killed);
    }
    smtp.set_answer(Answer::Accept);
    let app = setup.unwrap().start();
    let mails = smtp.wait_for(1).await;
    outbox_is_empty(&app).await;
    assert_eq!(smtp.messages().len(), 1);
    assert_one_mail(&app, &mails).await;
}

async fn a_mail_that_was_taken_when_the_kill_came_may_arrive_again_and_is_the_same(setup: Setup) {
    let smtp = mail_server();
    smtp.set_answer(Answer::TakeInSilence);
    let app = begins_to_send(&smtp, setup).await;
    smtp.wait_for(1).await;
    let setup = app.kill();
    smtp.set_answer(Answer::Accept);
    end_leases(&setup).await;
    let app = setup.start();
    let mails = smtp.wait_for(2).await;
    outbox_is_empty(&app).await;
    assert_one_mail(&app, &mails).await;
}

async fn a_server_that_ends_in_order_leaves_its_mail_to_the_next_one(setup: Setup) {
    let smtp = mail_server();
    // Nothing else is waited for as long as this answer.
    smtp.set_answer(Answer::Silence(Stage::Message));
    let app = begins_to_send(&smtp, setup).await;
    let (setup, log) = app.stop();
    assert!(log.contains("\"ended\""), "{log}");
    smtp.set_answer(Answer::Accept);
    // What was held is free again: nobody has to wait for the lease.
    let app = setup.start();
    let mails = smtp.wait_for(1).await;
    assert_one_mail(&app, &mails).await;
}
