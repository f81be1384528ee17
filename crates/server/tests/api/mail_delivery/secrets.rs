//! Whoever reads the database cannot use the links in mails.

use std::fs;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use contacts_contract::servers::smtp::Answer;
use serde_json::json;

use super::{EMAIL, mail_server, sending_by, token};
use crate::harness::{Setup, on_both_databases};

on_both_databases!(neither_the_mail_that_is_being_sent_nor_its_link_is_stored_with_its_token);

/// Everything that the database holds of mails and links, as it is stored.
async fn stored(setup: &Setup) -> Vec<u8> {
    if setup.database_url().is_none() {
        let data = setup.folder().join("data");
        let files = ["contacts.db", "contacts.db-wal"].map(|file| fs::read(data.join(file)).unwrap_or_default());
        return files.concat();
    }
    let mut rows = setup.sql("SELECT CAST(outbox AS TEXT) AS text FROM outbox").await;
    rows.extend(setup.sql("SELECT CAST(links AS TEXT) AS text FROM links").await);
    assert_eq!(rows.len(), 2, "{rows:?}");
    rows.concat().into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

async fn neither_the_mail_that_is_being_sent_nor_its_link_is_stored_with_its_token(setup: Setup) {
    let smtp = mail_server();
    smtp.set_answer(Answer::TakeInSilence);
    let app = sending_by(&smtp, setup).start();
    app.api().register(EMAIL, json!({})).await.expect(201);
    // It is out, and the server does not know yet: both rows are there.
    let mail = smtp.wait_for(1).await.remove(0);
    let link = mail.link().unwrap();
    let token = token(&link);
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap();
    // The first half names the mail, the rest is the secret.
    let (id, secret) = bytes.split_at(16);
    let stored = stored(app.setup()).await;
    assert!(contains(&stored, b"verify_email"), "the rows are there");
    assert!(contains(&stored, id) || contains(&stored, uuid::Uuid::from_slice(id).unwrap().to_string().as_bytes()));
    for (form, text) in [
        ("text", token.as_bytes()),
        ("the secret's text", &token.as_bytes()[24..]),
        ("bytes", secret),
        ("hexadecimal digits", hex(secret).as_bytes()),
    ] {
        assert!(!contains(&stored, text), "the token is stored as {form}");
    }
    app.api().post("/auth/email/verify", json!({"token": token})).await.expect(204);
}
