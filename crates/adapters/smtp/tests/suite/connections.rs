//! Connections that are used again, and those that must not be.

use std::time::Duration;

use contacts_contract::servers::smtp::{Answer, ServerTls, SmtpOptions, Stage};
use contacts_domain::ports::Mailer;

use crate::mails::{assert_refused, mail, server};

#[tokio::test]
async fn mails_one_after_the_other_share_a_connection() {
    for tls in [ServerTls::None, ServerTls::StartTls, ServerTls::Implicit] {
        let (server, mailer) = server(SmtpOptions { tls, ..SmtpOptions::default() });
        for count in 1..=5 {
            mailer.send(&mail()).await.unwrap();
            assert_eq!((server.messages().len(), server.connections()), (count, 1));
        }
    }
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_costs_no_mail() {
    for tls in [ServerTls::None, ServerTls::StartTls, ServerTls::Implicit] {
        let (server, mailer) = server(SmtpOptions { tls, ..SmtpOptions::default() });
        mailer.send(&mail()).await.unwrap();
        server.hang_up();
        mailer.send(&mail()).await.unwrap();
        server.stop();
        server.restart();
        mailer.send(&mail()).await.unwrap();
        assert_eq!(server.messages().len(), 3);
    }
}

#[tokio::test]
async fn a_conversation_that_was_cut_off_is_never_taken_up_again() {
    let (server, mailer) = server(SmtpOptions::default());
    for stage in [Stage::Sender, Stage::Recipient, Stage::Data, Stage::Message] {
        mailer.send(&mail()).await.unwrap();
        let before = server.messages().len();
        server.set_answer(Answer::Silence(stage));
        // Nobody waits for it any longer.
        tokio::time::timeout(Duration::from_millis(200), mailer.send(&mail())).await.unwrap_err();
        // Said to the next mail alone: an answer to the former would be taken for it.
        server.set_answer(Answer::say(Stage::Message, "554 no"));
        assert_refused(mailer.send(&mail()).await);
        server.set_answer(Answer::Accept);
        let next = mail();
        mailer.send(&next).await.unwrap();
        let taken = server.messages();
        assert_eq!(taken.len(), before + 1);
        assert_eq!(taken[before].recipients, [next.to.as_str()]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn after_many_mails_at_once_the_next_finds_a_connection() {
    let (server, mailer) = server(SmtpOptions::default());
    let mailer = std::sync::Arc::new(mailer);
    let sendings: Vec<_> = (0..16)
        .map(|_| {
            let mailer = mailer.clone();
            tokio::spawn(async move { mailer.send(&mail()).await })
        })
        .collect();
    for sending in sendings {
        sending.await.unwrap().unwrap();
    }
    assert_eq!(server.messages().len(), 16);
    let before = server.connections();
    mailer.send(&mail()).await.unwrap();
    assert_eq!(server.connections(), before, "none was kept");
}
