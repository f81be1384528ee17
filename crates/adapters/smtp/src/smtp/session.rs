//! One conversation with a server.

use lettre::{
    Message,
    transport::smtp::{
        authentication::DEFAULT_MECHANISMS,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Noop, Rcpt},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};

use super::{
    failure::{Failure, Step},
    settings::{Settings, Tls},
    timeouts::Timeouts,
};

/// A connection on which a mail may be sent. After a failure it is in an unknown state and must be dropped.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    timeouts: Timeouts,
}

impl Session {
    /// Connects, encrypts and logs in, as the settings ask.
    pub(super) async fn open(settings: &Settings) -> Result<Self, Failure> {
        let Settings { host, port, hello, timeouts, .. } = settings;
        let implicit = match &settings.tls {
            Tls::Implicit(parameters) => Some(parameters.clone()),
            Tls::Required(_) | Tls::Opportunistic(_) | Tls::None => None,
        };
        // An address that is silent leaves time for the next one.
        let patience = Some(timeouts.step / 3);
        let connecting = AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), patience, hello, implicit, None);
        let connection = timeouts.step(Step::Connect, connecting).await?;
        let mut session = Self { connection, timeouts: *timeouts };
        session.encrypt(settings).await?;
        session.authenticate(settings).await?;
        Ok(session)
    }

    async fn encrypt(&mut self, settings: &Settings) -> Result<(), Failure> {
        let parameters = match &settings.tls {
            Tls::Required(_) if !self.connection.can_starttls() => {
                return Err(Failure::temporary(Step::StartTls, "the server does not offer STARTTLS"));
            }
            Tls::Required(parameters) => parameters,
            Tls::Opportunistic(parameters) if self.connection.can_starttls() => parameters,
            Tls::Implicit(_) | Tls::Opportunistic(_) | Tls::None => return Ok(()),
        };
        self.timeouts.step(Step::StartTls, self.connection.starttls(parameters.clone(), &settings.hello)).await
    }

    async fn authenticate(&mut self, settings: &Settings) -> Result<(), Failure> {
        let Some(credentials) = &settings.credentials else { return Ok(()) };
        if !self.connection.is_encrypted() && !settings.is_loopback {
            return Err(Failure::temporary(Step::Authenticate, "no credentials are sent without encryption"));
        }
        self.timeouts.step(Step::Authenticate, self.connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        Ok(())
    }

    /// Whether the server is still there.
    pub(super) async fn is_alive(&mut self) -> bool {
        self.timeouts.step(Step::Connect, self.connection.command(Noop)).await.is_ok()
    }

    /// Gives a message to the server (RFC 5321 section 3.3).
    pub(super) async fn deliver(&mut self, message: &Message) -> Result<(), Failure> {
        let (envelope, bytes) = (message.envelope(), message.formatted());
        let parameters = self.parameters(message, &bytes)?;
        let Self { connection, timeouts } = self;
        timeouts.step(Step::Sender, connection.command(Mail::new(envelope.from().cloned(), parameters))).await?;
        for recipient in envelope.to() {
            timeouts.step(Step::Recipient, connection.command(Rcpt::new(recipient.clone(), vec![]))).await?;
        }
        timeouts.step(Step::Data, connection.command(Data)).await?;
        timeouts.step(Step::Message, connection.message(&bytes)).await?;
        Ok(())
    }

    /// What the server must be able to do for this message: the rest of ours is plain ASCII.
    fn parameters(&self, message: &Message, bytes: &[u8]) -> Result<Vec<MailParameter>, Failure> {
        let mut parameters = vec![];
        if message.envelope().to().iter().any(|address| !address.user().is_ascii()) {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let cause = "the server does not take addresses beyond ASCII (SMTPUTF8)";
                return Err(Failure::permanent(Step::Recipient, cause));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(parameters)
    }
}
