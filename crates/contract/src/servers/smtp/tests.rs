//! The server as a client sees it.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::TcpStream,
};

use super::*;

struct Client(BufReader<TcpStream>);

impl Client {
    /// Connects, and hears the greeting.
    fn of(server: &SmtpServer) -> Self {
        let mut client = Self(BufReader::new(TcpStream::connect(server.address()).unwrap()));
        assert_eq!(client.hears(), "220 localhost ESMTP");
        client
    }

    fn says(&mut self, text: &str) {
        self.0.get_mut().write_all(format!("{text}\r\n").as_bytes()).unwrap();
    }

    fn hears(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The code of the last line of the answer.
    fn asks(&mut self, text: &str) -> String {
        self.says(text);
        loop {
            let line = self.hears();
            if line.get(3..4) != Some("-") {
                return line.get(..3).unwrap_or_default().to_owned();
            }
        }
    }

    fn sends(&mut self, message: &str) -> String {
        for (line, code) in [("MAIL FROM:<a@x.org>", "250"), ("rcpt to:<b@x.org> NOTIFY=NEVER", "250"), ("DATA", "354")]
        {
            assert_eq!(self.asks(line), code, "{line}");
        }
        self.asks(&format!("{message}\r\n."))
    }

    /// Whether the connection has ended.
    fn is_alone(&mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0) | Err(_))
    }
}

fn server() -> SmtpServer {
    SmtpServer::start(SmtpOptions::default())
}

#[tokio::test]
async fn a_mail_is_received_as_it_was_before_it_was_stuffed() {
    let server = server();
    let mut client = Client::of(&server);
    assert_eq!((client.asks("HELO me"), client.asks("EHLO me")), ("250".into(), "250".into()));
    assert_eq!(client.sends("Subject: x\r\n\r\n..\r\n..a\r\nb."), "250");
    assert_eq!(client.asks("QUIT"), "221");
    let [mail] = server.wait_for(1).await.try_into().unwrap();
    assert_eq!((mail.sender.as_str(), mail.recipients.as_slice()), ("a@x.org", ["b@x.org".to_owned()].as_slice()));
    assert_eq!(mail.data, b"Subject: x\r\n\r\n.\r\n.a\r\nb.\r\n");
}

#[tokio::test]
async fn mails_may_be_waited_for_before_they_are_sent() {
    let server = Arc::new(server());
    let waiting = tokio::spawn({
        let server = server.clone();
        async move { server.wait_for(2).await.len() }
    });
    let sending = tokio::task::spawn_blocking(move || {
        let mut client = Client::of(&server);
        (client.sends("one"), client.sends("two"))
    });
    assert_eq!(sending.await.unwrap(), ("250".into(), "250".into()));
    assert_eq!(waiting.await.unwrap(), 2);
}

#[test]
fn nothing_is_taken_out_of_turn() {
    let server = server();
    let mut client = Client::of(&server);
    assert_eq!(client.asks("RCPT TO:<b@x.org>"), "503");
    assert_eq!(client.asks("MAIL FROM:<a@x.org>"), "250");
    assert_eq!(client.asks("DATA"), "503");
    assert_eq!(client.asks("RSET"), "250");
    assert_eq!(client.asks("RCPT TO:<b@x.org>"), "503");
    assert_eq!((client.asks("NOOP"), client.asks("STARTTLS")), ("250".into(), "503".into()));
    assert_eq!(server.messages(), []);
}

#[test]
fn it_answers_as_it_was_told() {
    let server = server();
    let mut client = Client::of(&server);
    for (answer, code) in [("451 4.3.2 not now", "451"), ("550 5.1.1 nobody of that name", "550")] {
        server.set_answer(Answer::say(Stage::Recipient, answer));
        assert_eq!(client.asks("MAIL FROM:<a@x.org>"), "250");
        assert_eq!(client.asks("RCPT TO:<b@x.org>"), code);
    }
    server.set_answer(Answer::say(Stage::Message, "554 spam"));
    assert_eq!(client.sends("x"), "554");
    assert_eq!(server.messages(), []);
    server.set_answer(Answer::TakeAndHangUp);
    assert_eq!(client.sends("x"), "");
    assert_eq!(server.messages().len(), 1);
    server.set_answer(Answer::Accept);
    assert_eq!(Client::of(&server).sends("x"), "250");
}

#[tokio::test]
async fn a_silent_server_keeps_the_connection_and_what_it_took() {
    let server = server();
    let mut client = Client::of(&server);
    server.set_answer(Answer::TakeInSilence);
    for line in ["MAIL FROM:<a@x.org>", "RCPT TO:<b@x.org>", "DATA"] {
        client.asks(line);
    }
    client.says("x\r\n.");
    server.wait_for(1).await;
    client.0.get_mut().set_nonblocking(true).unwrap();
    assert_eq!(client.0.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_server_that_is_down_refuses_and_comes_back_on_its_port() {
    let server = SmtpServer::reserve(SmtpOptions::default());
    let refused = |server: &SmtpServer| TcpStream::connect(server.address()).unwrap_err().kind();
    assert_eq!(refused(&server), ErrorKind::ConnectionRefused);
    for round in 0..3 {
        server.restart();
        let mut client = Client::of(&server);
        assert_eq!(client.sends("x"), "250");
        server.stop();
        server.stop();
        assert!(client.is_alone());
        assert_eq!(refused(&server), ErrorKind::ConnectionRefused);
        assert_eq!(server.messages().len(), round + 1);
    }
}

#[test]
fn it_hangs_up_and_goes_on_listening() {
    let server = server();
    let mut client = Client::of(&server);
    server.hang_up();
    assert!(client.is_alone());
    assert_eq!(Client::of(&server).asks("NOOP"), "250");
    assert_eq!(server.connections(), 2);
}

#[test]
fn credentials_are_asked_for_in_both_ways() {
    let credentials = Some(("ada".to_owned(), "secret".to_owned()));
    let server = SmtpServer::start(SmtpOptions { credentials: credentials.clone(), ..SmtpOptions::default() });
    let mut client = Client::of(&server);
    assert_eq!(client.asks("MAIL FROM:<a@x.org>"), "530");
    assert_eq!(client.asks("AUTH PLAIN AGFkYQB3cm9uZw=="), "535");
    assert_eq!(client.asks("AUTH PLAIN AGFkYQBzZWNyZXQ="), "235");
    assert_eq!(client.sends("x"), "250");
    let mut client = Client::of(&server);
    assert_eq!(client.asks("AUTH LOGIN"), "334");
    assert_eq!(client.asks("YWRh"), "334");
    assert_eq!(client.asks("c2VjcmV0"), "235");
    assert_eq!(client.sends("x"), "250");
    assert!(server.messages().iter().all(|mail| mail.credentials == credentials && !mail.encrypted));
    assert_eq!(server.url(), format!("smtp://%61%64%61:%73%65%63%72%65%74@{}?tls=none", server.address()));
}
