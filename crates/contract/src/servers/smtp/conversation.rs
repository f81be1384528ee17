//! What a server says to one client.

use std::{future, io, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::net::TcpStream;

use super::{Answer, Received, ServerTls, Shared, Stage, stream::Stream};

/// Speaks with a client until either has enough.
pub(super) async fn converse(client: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let mut stream = Stream::new(client);
    let encrypted = shared.options.tls == ServerTls::Implicit;
    if encrypted {
        stream = stream.encrypted(&shared.acceptor).await?;
    }
    let mut conversation =
        Conversation { stream, shared, encrypted, credentials: None, sender: None, recipients: vec![] };
    if conversation.answer(Stage::Greeting, "220 localhost ESMTP").await? {
        conversation.run().await?;
    }
    Ok(())
}

struct Conversation {
    stream: Stream,
    shared: Arc<Shared>,
    encrypted: bool,
    credentials: Option<(String, String)>,
    /// The sender and the parameters of the mail that has been begun.
    sender: Option<(String, Vec<String>)>,
    recipients: Vec<String>,
}

impl Conversation {
    async fn run(mut self) -> io::Result<()> {
        loop {
            let line = self.stream.text().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "HELO" => self.stream.say("250 localhost").await?,
                "EHLO" => self.introduce().await?,
                "STARTTLS" if self.offers_starttls() => {
                    self.stream.say("220 go ahead").await?;
                    self.stream = self.stream.encrypted(&self.shared.acceptor).await?;
                    self.encrypted = true;
                }
                "AUTH" => self.authenticate(rest).await?,
                "MAIL" if !self.may_send() => self.stream.say("530 5.7.0 log in first").await?,
                "MAIL" => self.begin(rest).await?,
                "RCPT" if self.sender.is_some() => self.address(rest).await?,
                "DATA" if !self.recipients.is_empty() => self.take().await?,
                "RSET" => {
                    (self.sender, self.recipients) = (None, vec![]);
                    self.stream.say("250 forgotten").await?;
                }
                "NOOP" => self.stream.say("250 here").await?,
                "QUIT" => return self.stream.say("221 bye").await,
                _ => self.stream.say("503 not now").await?,
            }
        }
    }

    /// Says what is usual, or what it was told to say instead: `true` where it is the usual.
    async fn answer(&mut self, stage: Stage, usual: &str) -> io::Result<bool> {
        let answer = self.shared.answer();
        self.give(answer, stage, usual).await
    }

    async fn give(&mut self, answer: Answer, stage: Stage, usual: &str) -> io::Result<bool> {
        match answer {
            Answer::Say(at, text) if at == stage => self.stream.say(&text).await.map(|()| false),
            Answer::Silence(at) if at == stage => future::pending().await,
            Answer::HangUp(at) if at == stage => Err(io::ErrorKind::ConnectionAborted.into()),
            Answer::TakeInSilence if stage == Stage::Message => future::pending().await,
            Answer::TakeAndHangUp if stage == Stage::Message => Err(io::ErrorKind::ConnectionAborted.into()),
            Answer::Accept
            | Answer::Say(..)
            | Answer::Silence(_)
            | Answer::HangUp(_)
            | Answer::TakeInSilence
            | Answer::TakeAndHangUp => self.stream.say(usual).await.map(|()| true),
        }
    }

    async fn introduce(&mut self) -> io::Result<()> {
        self.stream.say("250-localhost").await?;
        if self.offers_starttls() {
            self.stream.say("250-STARTTLS").await?;
        }
        // Nobody shall be asked for a password before the connection is as safe as it gets.
        if self.shared.options.credentials.is_some() && !self.offers_starttls() {
            self.stream.say(&format!("250-AUTH {}", self.shared.options.mechanisms)).await?;
        }
        if self.shared.options.smtputf8 {
            self.stream.say("250-SMTPUTF8").await?;
        }
        self.stream.say("250 8BITMIME").await
    }

    fn offers_starttls(&self) -> bool {
        self.shared.options.tls == ServerTls::StartTls && !self.encrypted
    }

    fn may_send(&self) -> bool {
        self.shared.options.credentials.is_none() || self.credentials.is_some()
    }

    /// PLAIN (RFC 4616), or LOGIN, which asks for one after the other.
    async fn authenticate(&mut self, rest: &str) -> io::Result<()> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let given = if mechanism == "PLAIN" {
            let initial = if initial.is_empty() { self.ask("").await? } else { decoded(initial)? };
            let mut parts = initial.splitn(3, '\0').skip(1).map(str::to_owned);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        } else {
            (self.ask("Username:").await?, self.ask("Password:").await?)
        };
        let right = self.shared.options.credentials.as_ref() == Some(&given);
        if !right {
            return self.stream.say("535 5.7.8 wrong credentials").await;
        }
        if self.answer(Stage::Authentication, "235 2.7.0 welcome").await? {
            self.credentials = Some(given);
        }
        Ok(())
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.stream.say(&format!("334 {}", BASE64_STANDARD.encode(question))).await?;
        decoded(&self.stream.text().await?)
    }

    async fn begin(&mut self, rest: &str) -> io::Result<()> {
        let (sender, parameters) = path(rest)?;
        if self.answer(Stage::Sender, "250 2.1.0 from them").await? {
            self.sender = Some((sender, parameters.split_whitespace().map(str::to_owned).collect()));
        }
        Ok(())
    }

    async fn address(&mut self, rest: &str) -> io::Result<()> {
        let (recipient, _) = path(rest)?;
        if self.answer(Stage::Recipient, "250 2.1.5 for them").await? {
            self.recipients.push(recipient);
        }
        Ok(())
    }

    async fn take(&mut self) -> io::Result<()> {
        if !self.answer(Stage::Data, "354 go on").await? {
            return Ok(());
        }
        let data = self.stream.message().await?;
        let (sender, parameters) = self.sender.take().unwrap_or_default();
        let recipients = std::mem::take(&mut self.recipients);
        let answer = self.shared.answer();
        if answer.takes_the_message() {
            let (encrypted, credentials) = (self.encrypted, self.credentials.clone());
            let received = Received { sender, parameters, recipients, data, encrypted, credentials };
            // Before it says so: whoever is told shall find it there.
            self.shared.receive(received);
        }
        self.give(answer, Stage::Message, "250 2.0.0 taken").await?;
        Ok(())
    }
}

/// What stands between the brackets of MAIL and RCPT, and after them.
fn path(rest: &str) -> io::Result<(String, String)> {
    let path = rest.split_once(":<").and_then(|(_, path)| path.rsplit_once('>'));
    path.map(|(path, rest)| (path.to_owned(), rest.to_owned())).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn decoded(text: &str) -> io::Result<String> {
    String::from_utf8(BASE64_STANDARD.decode(text).map_err(io::Error::other)?).map_err(io::Error::other)
}
