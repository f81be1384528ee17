//! What a server says to one client.

use std::{future, io, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::net::TcpStream;

use super::{ReceivedMail, Shared, SmtpAnswer, SmtpTls, Stage, stream::Stream};

/// Speaks with a client until either has enough.
pub(super) async fn converse(client: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let mut stream = Stream::new(client);
    let encrypted = shared.options.tls == SmtpTls::Implicit;
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
    /// Who sends the mail that has been begun.
    sender: Option<String>,
    recipients: Vec<String>,
}

impl Conversation {
    async fn run(mut self) -> io::Result<()> {
        loop {
            let line = self.stream.command().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "HELO" => self.say("250 localhost").await?,
                "EHLO" => self.introduce().await?,
                "STARTTLS" if self.offers_starttls() => {
                    self.say("220 go ahead").await?;
                    self.stream = self.stream.encrypted(&self.shared.acceptor).await?;
                    self.encrypted = true;
                }
                "AUTH" if self.offers_login() => self.log_in(rest).await?,
                "MAIL" if !self.may_send() => self.say("530 5.7.0 log in first").await?,
                "MAIL" => self.begin(rest).await?,
                "RCPT" if self.sender.is_some() => self.add_recipient(rest).await?,
                "DATA" if !self.recipients.is_empty() => self.take().await?,
                "RSET" => {
                    (self.sender, self.recipients) = (None, vec![]);
                    self.say("250 forgotten").await?;
                }
                "NOOP" => self.say("250 here").await?,
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("503 5.5.1 not now").await?,
            }
        }
    }

    /// Every word goes through here, so that silence is silence.
    async fn say(&mut self, line: &str) -> io::Result<()> {
        if self.shared.answer() == SmtpAnswer::Silence {
            return future::pending().await;
        }
        self.stream.say(line).await
    }

    /// Says what is usual, or what it was told to say instead: `true` where it is the usual.
    async fn answer(&mut self, stage: Stage, usual: &str) -> io::Result<bool> {
        let answer = self.shared.answer();
        let instead = answer.instead(stage);
        self.say(instead.unwrap_or(usual)).await?;
        Ok(instead.is_none())
    }

    async fn introduce(&mut self) -> io::Result<()> {
        let mut lines = vec!["localhost".to_owned(), "8BITMIME".to_owned()];
        if self.offers_starttls() {
            lines.push("STARTTLS".to_owned());
        }
        if self.offers_login() {
            lines.push(format!("AUTH {}", self.shared.options.mechanisms));
        }
        if self.shared.options.smtputf8 {
            lines.push("SMTPUTF8".to_owned());
        }
        let last = lines.len() - 1;
        let lines = lines.iter().enumerate();
        let lines: Vec<_> =
            lines.map(|(number, line)| format!("250{}{line}", if number == last { ' ' } else { '-' })).collect();
        self.say(&lines.join("\r\n")).await
    }

    fn offers_starttls(&self) -> bool {
        self.shared.options.tls == SmtpTls::StartTls && !self.encrypted
    }

    /// Nobody is asked for a password before the connection is as safe as it gets.
    fn offers_login(&self) -> bool {
        self.shared.options.credentials.is_some() && !self.offers_starttls()
    }

    fn may_send(&self) -> bool {
        self.shared.options.credentials.is_none() || self.credentials.is_some()
    }

    /// PLAIN (RFC 4616), or LOGIN, which asks for one after the other.
    async fn log_in(&mut self, rest: &str) -> io::Result<()> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        if !self.shared.options.mechanisms.split(' ').any(|offered| offered == mechanism) {
            return self.say("504 5.5.4 no such way").await;
        }
        let given = if mechanism == "PLAIN" {
            let initial = if initial.is_empty() { self.ask("").await? } else { decoded(initial)? };
            let mut parts = initial.splitn(3, '\0').skip(1).map(str::to_owned);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        } else {
            let user = if initial.is_empty() { self.ask("Username:").await? } else { decoded(initial)? };
            (user, self.ask("Password:").await?)
        };
        if self.shared.options.credentials.as_ref() != Some(&given) {
            return self.say("535 5.7.8 wrong credentials").await;
        }
        if self.answer(Stage::Login, "235 2.7.0 welcome").await? {
            self.credentials = Some(given);
        }
        Ok(())
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(&format!("334 {}", BASE64_STANDARD.encode(question))).await?;
        decoded(&self.stream.command().await?)
    }

    async fn begin(&mut self, rest: &str) -> io::Result<()> {
        let Some(sender) = path(rest) else { return self.say("501 5.5.4 whose?").await };
        if self.answer(Stage::Sender, "250 2.1.0 from them").await? {
            (self.sender, self.recipients) = (Some(sender), vec![]);
        }
        Ok(())
    }

    async fn add_recipient(&mut self, rest: &str) -> io::Result<()> {
        let Some(recipient) = path(rest) else { return self.say("501 5.5.4 whose?").await };
        if self.answer(Stage::Recipient, "250 2.1.5 for them").await? {
            self.recipients.push(recipient);
        }
        Ok(())
    }

    async fn take(&mut self) -> io::Result<()> {
        if !self.answer(Stage::Data, "354 go on").await? {
            return Ok(());
        }
        let raw = self.stream.message().await?;
        let mail = ReceivedMail {
            from: self.sender.take().unwrap_or_default(),
            to: std::mem::take(&mut self.recipients),
            raw,
            encrypted: self.encrypted,
            credentials: self.credentials.clone(),
        };
        match self.shared.answer() {
            SmtpAnswer::DropAfterData => {
                self.shared.receive(mail);
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            SmtpAnswer::SilenceAfterData => {
                self.shared.receive(mail);
                future::pending().await
            }
            SmtpAnswer::Say(Stage::Message, line) => self.say(&line).await,
            SmtpAnswer::Silence => future::pending().await,
            SmtpAnswer::Accept | SmtpAnswer::Temporary | SmtpAnswer::Refuse | SmtpAnswer::Say(..) => {
                // Before the word, so that whoever hears it finds the mail.
                self.shared.receive(mail);
                self.say("250 2.0.0 taken").await
            }
        }
    }
}

/// What stands between the brackets of MAIL and RCPT.
fn path(rest: &str) -> Option<String> {
    let (_, path) = rest.split_once(":<")?;
    Some(path.rsplit_once('>')?.0.to_owned())
}

fn decoded(text: &str) -> io::Result<String> {
    String::from_utf8(BASE64_STANDARD.decode(text).map_err(io::Error::other)?).map_err(io::Error::other)
}
