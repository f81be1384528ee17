//! The mailer that hands its mails to a server.

use std::fmt;

use async_trait::async_trait;
use contacts_domain::{
    mail::Mail,
    ports::{Mailer, MailerError},
};
use lettre::Message;

use super::{
    connections::Connections,
    failure::{Failure, Step},
    settings::Settings,
    timeouts::Timeouts,
    url::{InvalidSmtpUrl, SmtpUrl},
};
use crate::{message::compose, sender::Sender};

/// Sends by SMTP. A mail is sent once the server has taken it: it will try again, or tell the sender.
pub struct SmtpMailer {
    connections: Connections,
    sender: Sender,
    server: String,
    timeouts: Timeouts,
}

impl SmtpMailer {
    /// Connects to nobody yet. Fails where the certificate of a private authority cannot be read.
    pub fn new(url: &SmtpUrl, sender: Sender) -> Result<Self, InvalidSmtpUrl> {
        Self::with_timeouts(url, sender, Timeouts::default())
    }

    /// The same, with bounds of one's own.
    pub fn with_timeouts(url: &SmtpUrl, sender: Sender, timeouts: Timeouts) -> Result<Self, InvalidSmtpUrl> {
        let connections = Connections::new(Settings::new(url, timeouts)?);
        Ok(Self { connections, sender, server: url.server(), timeouts })
    }

    /// Whether the server would take mails of this account: it is connected to, and logged in to, and nothing is sent.
    pub async fn log_in(&self) -> Result<(), MailerError> {
        let session = self.connections.take().await?;
        self.connections.give_back(session);
        Ok(())
    }

    async fn deliver(&self, message: &Message) -> Result<(), Failure> {
        let mut session = self.connections.take().await?;
        session.deliver(message).await?;
        self.connections.give_back(session);
        Ok(())
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailerError> {
        let message = compose(mail, &self.sender)?;
        match tokio::time::timeout(self.timeouts.whole, self.deliver(&message)).await {
            Ok(outcome) => outcome?,
            Err(_) => return Err(Failure::timeout(Step::Message).into()),
        }
        tracing::debug!(mail = %mail.id, server = self.server, "a mail was sent");
        Ok(())
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("server", &self.server).field("sender", &self.sender).finish_non_exhaustive()
    }
}
