//! Servers that do not take a mail.

use std::{sync::Arc, time::Duration};

use contacts_contract::servers::smtp::{Answer, SmtpOptions, SmtpServer, Stage};
use contacts_domain::{
    email_address::EmailAddress,
    mail::Mail,
    ports::{Mailer, MailerError},
};
use contacts_smtp::Timeouts;

use crate::mails::{LINK, assert_refused, assert_temporary, hasty_mailer, mail, mailer, server, told};

const STAGES: [Stage; 6] =
    [Stage::Greeting, Stage::Authentication, Stage::Sender, Stage::Recipient, Stage::Data, Stage::Message];

fn with_login() -> SmtpOptions {
    SmtpOptions { credentials: Some(("contacts".into(), "s3cret".into())), ..SmtpOptions::default() }
}

#[tokio::test]
async fn a_final_no_to_the_recipient_or_the_message_is_a_refusal() {
    let (server, mailer) = server(with_login());
    for stage in [Stage::Recipient, Stage::Data, Stage::Message] {
        for text in ["550 5.1.1 no such user", "552 too much", "554-no\r\n554 never"] {
            server.set_answer(Answer::say(stage, text));
            assert_refused(mailer.send(&mail()).await);
        }
    }
    assert_eq!(server.messages(), []);
}

#[tokio::test]
async fn what_an_operator_mends_is_temporary() {
    for (stage, text) in [
        (Stage::Greeting, "554 5.7.1 not from there"),
        (Stage::Authentication, "535 5.7.8 wrong credentials"),
        (Stage::Sender, "550 5.7.1 not in your name"),
        (Stage::Recipient, "530 5.7.0 log in first"),
        (Stage::Message, "535 5.7.8 log in again"),
    ] {
        let (server, mailer) = server(with_login());
        server.set_answer(Answer::say(stage, text));
        assert_temporary(mailer.send(&mail()).await);
    }
}

#[tokio::test]
async fn a_no_for_now_is_temporary_at_every_stage() {
    for stage in STAGES {
        for text in ["421 4.3.2 closing", "450 4.2.0 greylisted"] {
            let (server, mailer) = server(with_login());
            server.set_answer(Answer::say(stage, text));
            assert_temporary(mailer.send(&mail()).await);
        }
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_or_talks_nonsense_is_a_temporary_fault_at_every_stage() {
    for stage in STAGES {
        for answer in [Answer::HangUp(stage), Answer::say(stage, "what?"), Answer::say(stage, "")] {
            let (server, mailer) = server(with_login());
            server.set_answer(answer);
            assert_temporary(mailer.send(&mail()).await);
            assert_eq!(server.messages(), []);
        }
    }
}

#[tokio::test]
async fn a_silent_server_does_not_hold_a_mail_for_ever() {
    let (brief, long) = (Duration::from_millis(50), Duration::from_secs(3_600));
    for stage in STAGES {
        for timeouts in [Timeouts { step: brief, whole: long }, Timeouts { step: long, whole: brief }] {
            // The answer to the message is waited for as long as the whole may take.
            if stage == Stage::Message && timeouts.whole == long {
                continue;
            }
            let server = SmtpServer::start(with_login());
            server.set_answer(Answer::Silence(stage));
            assert_temporary(hasty_mailer(&server.url(), timeouts).send(&mail()).await);
        }
    }
}

#[tokio::test]
async fn only_without_an_answer_to_the_message_it_is_unknown_whether_it_was_taken() {
    for stage in STAGES {
        let server = SmtpServer::start(with_login());
        server.set_answer(Answer::HangUp(stage));
        let outcome = mailer(&server.url()).send(&mail()).await.unwrap_err();
        let is_unknown = matches!(outcome, MailerError::Unanswered(_));
        assert_eq!(is_unknown, stage == Stage::Message, "{stage:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_a_temporary_fault() {
    let (server, mailer) = server(SmtpOptions::default());
    server.stop();
    assert_temporary(mailer.send(&mail()).await);
    server.restart();
    mailer.send(&mail()).await.unwrap();
    assert_eq!(server.messages().len(), 1);
}

#[tokio::test]
async fn a_server_that_comes_up_later_gets_the_mail_then() {
    let server = SmtpServer::reserve(SmtpOptions::default());
    let (mailer, mail) = (mailer(&server.url()), mail());
    assert_temporary(mailer.send(&mail).await);
    server.restart();
    mailer.send(&mail).await.unwrap();
    assert_eq!(server.messages()[0].recipients, [mail.to.as_str()]);
}

#[tokio::test]
async fn where_nobody_says_that_a_mail_was_taken_its_copies_are_known_as_one() {
    for answer in [Answer::TakeAndHangUp, Answer::TakeInSilence] {
        let (server, mailer) = server(SmtpOptions::default());
        let mailer = Arc::new(mailer);
        let mail = mail();
        server.set_answer(answer);
        let sending = tokio::spawn({
            let (mailer, mail) = (mailer.clone(), mail.clone());
            async move { mailer.send(&mail).await }
        });
        server.wait_for(1).await;
        server.hang_up();
        assert_temporary(sending.await.unwrap());
        server.set_answer(Answer::Accept);
        mailer.send(&mail).await.unwrap();
        let [first, second] = server.wait_for(2).await.try_into().unwrap();
        let id = first.header("Message-ID").unwrap();
        assert!(id.contains(&mail.id.to_string()), "{id}");
        assert_eq!(second.header("Message-ID"), Some(id));
        assert_eq!((first.link().as_deref(), second.link().as_deref()), (Some(LINK), Some(LINK)));
    }
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_a_temporary_fault() {
    assert_temporary(mailer("smtp://mail.invalid?tls=none").send(&mail()).await);
}

#[tokio::test]
async fn after_a_failure_the_next_mail_arrives() {
    let (server, mailer) = server(with_login());
    for stage in STAGES {
        for answer in [Answer::say(stage, "554 no"), Answer::say(stage, "450 later"), Answer::HangUp(stage)] {
            let before = server.messages().len();
            // The stages before the first mail belong to a new connection.
            server.hang_up();
            server.set_answer(answer);
            mailer.send(&mail()).await.unwrap_err();
            server.set_answer(Answer::Accept);
            let next = mail();
            mailer.send(&next).await.unwrap();
            let taken = server.messages();
            assert_eq!(taken.len(), before + 1);
            assert_eq!(taken[before].recipients, [next.to.as_str()]);
        }
    }
}

#[tokio::test]
async fn an_address_beyond_ascii_needs_a_server_that_takes_it() {
    let mail = Mail { to: EmailAddress::parse("żółw@przykład.pl").unwrap(), ..mail() };
    let (ascii, to_ascii) = server(SmtpOptions::default());
    assert_refused(to_ascii.send(&mail).await);
    assert_eq!(ascii.messages(), []);
    let (international, to_international) = server(SmtpOptions { smtputf8: true, ..SmtpOptions::default() });
    to_international.send(&mail).await.unwrap();
    let [taken] = international.messages().try_into().unwrap();
    assert_eq!(taken.recipients, ["żółw@xn--przykad-rjb.pl"]);
    assert_eq!(taken.parameters, ["SMTPUTF8", "BODY=8BITMIME"]);
}

#[tokio::test]
async fn an_error_tells_what_the_server_said_but_no_secret_and_no_link() {
    let (server, mailer) = server(with_login());
    server.set_answer(Answer::say(Stage::Recipient, "550 5.1.1 no such user here"));
    let told_of_recipient = told(&mailer.send(&mail()).await.unwrap_err());
    assert!(told_of_recipient.contains("naming the recipient"), "{told_of_recipient}");
    assert!(told_of_recipient.contains("5.1.1 no such user here"), "{told_of_recipient}");

    // Filters quote what they do not like.
    let quote = format!("554 5.7.1 the link {LINK} is known for spam");
    server.set_answer(Answer::say(Stage::Message, quote));
    let told_of_message = told(&mailer.send(&mail()).await.unwrap_err());
    assert!(!told_of_message.contains("s3cr3t"), "{told_of_message}");
    assert!(told_of_message.contains("554 5.7.1"), "{told_of_message}");

    let wrong = server.url().replace("%73%33%63%72%65%74", "hunter2");
    let told = told(&crate::mails::mailer(&wrong).send(&mail()).await.unwrap_err());
    assert!(told.contains("logging in"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}
