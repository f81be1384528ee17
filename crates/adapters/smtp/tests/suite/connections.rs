//! Connections that are used again, and those that must not be.

use std::time::Duration;

use contacts_contract::servers::smtp::{Answer, ServerTls, SmtpOptions, SmtpServer, Stage};
use contacts_domain::ports::Mailer;
use contacts_smtp::Timeouts;

use crate::mails::{assert_refused, assert_temporary, hasty_mailer, mail, server};

#[tokio::test]
async fn mails_one_after_the_other_share_a_connection() {
    for tls in [ServerTls::None, ServerTls::StartTls, ServerTls::Implicit] {
        let (server, mailer) = server(SmtpOptions { tls, ..SmtpOptions::default() }).await;
        for count in 1..=5 {
            mailer.send(&mail()).await.unwrap();
            assert_eq!((server.messages().len(), server.connections()), (count, 1));
        }
    }
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_costs_no_mail() {
    for tls in [ServerTls::None, ServerTls::StartTls, ServerTls::Implicit] {
        let (server, mailer) = server(SmtpOptions { tls, ..SmtpOptions::default() }).await;
        mailer.send(&mail()).await.unwrap();
        server.hang_up().await;
        mailer.send(&mail()).await.unwrap();
        server.stop().await;
        server.restart().await;
        mailer.send(&mail()).await.unwrap();
        assert_eq!(server.messages().len(), 3);
    }
}

#[tokio::test]
async fn a_conversation_that_was_cut_off_is_never_taken_up_again() {
    let server = SmtpServer::start(SmtpOptions::default()).await;
    let timeouts = Timeouts { whole: Duration::from_millis(200), ..Timeouts::default() };
    let hasty = hasty_mailer(&server.url(), timeouts);
    for stage in [Stage::Sender, Stage::Recipient, Stage::Data, Stage::Message] {
        server.set_answer(Answer::Silence(stage));
        assert_temporary(hasty.send(&mail()).await);
    }
    // An answer to an earlier mail would be taken for the one to this.
    server.set_answer(Answer::say(Stage::Message, "554 no"));
    assert_refused(hasty_mailer(&server.url(), Timeouts::default()).send(&mail()).await);
    assert_eq!(server.messages(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_connections_few_are_kept() {
    let (server, mailer) = server(SmtpOptions::default()).await;
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
