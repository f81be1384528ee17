//! What the headers say.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::collections::BTreeMap;

use contacts_domain::{
    email_address::EmailAddress,
    ids::MailId,
    language::Language,
    mail::{Letter, Mail},
    person_name::PersonName,
};
use futures_util::future::join_all;

use super::{
    Post,
    steps::{all_mails, link, mail, open},
};
use crate::fixtures::{at, unique_address, unique_uuid};

pub async fn the_message_id_depends_on_the_id_alone(post: Post) {
    let first = mail(Letter::VerifyEmail(link()));
    let message_id = post.deliver(&first).await.message_id;
    assert!(message_id.contains(&first.id.to_string()), "{message_id}");
    let again = Mail {
        to: unique_address("somebody.else"),
        name: Some(PersonName::parse("Somebody Else").expect("a name")),
        language: Language::Polish,
        date: at(86_400_000_000),
        letter: Letter::PasswordChanged,
        ..first.clone()
    };
    assert_eq!(post.deliver(&again).await.message_id, message_id);
    let other = Mail { id: MailId::new(unique_uuid()), ..first };
    assert_ne!(post.deliver(&other).await.message_id, message_id);
}

pub async fn the_date_is_that_of_the_mail(post: Post) {
    for date in [at(0), at(1_999_999), at(-86_400_000_000 * 365), at(86_400_000_000 * 365)] {
        let opened = post.deliver(&Mail { date, ..mail(Letter::PasswordChanged) }).await;
        assert_eq!(opened.date, date.timestamp());
    }
}

/// Neither with a notice that somebody is away, nor with a report of receipt (RFC 3834).
pub async fn machines_are_told_not_to_answer(post: Post) {
    for mail in all_mails() {
        assert_eq!(post.deliver(&mail).await.header("auto-submitted"), Some("auto-generated"));
    }
}

pub async fn names_of_any_script_arrive_as_they_are(post: Post) {
    for name in [
        "Ada",
        "Ada Lovelace",
        "O'Hara, \"Scarlett\" (\\o/)",
        "Łucja Ćwiąkała-Żółkiewska",
        "夏目 漱石",
        "👩🏽‍🚀 Zoë",
        "=?utf-8?q?Ada?=",
        &"𝔘".repeat(PersonName::MAX_LENGTH),
        &"Wolfeschlegelstein ".repeat(5),
    ] {
        let name = PersonName::parse(name).expect("a name");
        let mail = Mail { name: Some(name.clone()), ..mail(Letter::PasswordChanged) };
        let opened = post.deliver(&mail).await;
        assert_eq!(opened.to, [(Some(name.as_str().to_owned()), mail.to.as_str().to_owned())]);
        assert!(opened.text.contains(name.as_str()), "{}", opened.text);
    }
}

pub async fn a_domain_of_any_script_is_sent_in_ascii(post: Post) {
    let to = EmailAddress::parse("ada@przykład.pl").expect("an address");
    let opened = post.deliver(&Mail { to, ..mail(Letter::PasswordChanged) }).await;
    assert_eq!(opened.to, [(None, "ada@xn--przykad-rjb.pl".to_owned())]);
    if let Some(recipients) = &opened.recipients {
        assert_eq!(recipients, &["ada@xn--przykad-rjb.pl"]);
    }
}

pub async fn mails_sent_at_once_arrive_with_whom_they_are_for(post: Post) {
    let mails: Vec<Mail> = (0..24).map(|_| mail(Letter::VerifyEmail(link()))).collect();
    let sendings = mails.iter().cloned().map(|mail| {
        let mailer = post.mailer.clone();
        tokio::spawn(async move { mailer.send(&mail).await })
    });
    for outcome in join_all(sendings.collect::<Vec<_>>()).await {
        outcome.expect("a mailer does not panic").expect("a mail that is sent");
    }
    let arrived = post.mailbox.arrived().await;
    let arrived: BTreeMap<String, String> = arrived
        .iter()
        .map(open)
        .map(|mut opened| (opened.to.remove(0).1, opened.message_id.split('@').next().expect("an id").to_owned()))
        .collect();
    let sent = mails.iter().map(|mail| (mail.to.as_str().to_owned(), mail.id.to_string())).collect();
    assert_eq!(arrived, sent);
}
