//! What a server offers, and how it behaves.

/// What a server offers and demands.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    pub tls: SmtpTls,
    /// The user and the password without which it takes no mail.
    pub credentials: Option<(String, String)>,
    /// The ways to log in that it offers, of `PLAIN` and `LOGIN`, between spaces.
    pub mechanisms: &'static str,
    /// Whether it takes addresses beyond ASCII (RFC 6531).
    pub smtputf8: bool,
    /// Whom its certificate names.
    pub certificate_names: Vec<String>,
}

impl Default for SmtpOptions {
    /// In the clear, without a login, in ASCII; with a certificate that would be right.
    fn default() -> Self {
        Self {
            tls: SmtpTls::None,
            credentials: None,
            mechanisms: "PLAIN LOGIN",
            smtputf8: false,
            certificate_names: vec!["127.0.0.1".into(), "localhost".into()],
        }
    }
}

/// When a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    None,
    /// It begins in the clear and goes on encrypted (RFC 3207).
    StartTls,
    /// From the start (RFC 8314).
    Implicit,
}

/// How a server behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SmtpAnswer {
    #[default]
    Accept,
    /// Answers every recipient with 451: a bad moment.
    Temporary,
    /// Answers every recipient with 550: nobody of that name is here.
    Refuse,
    /// Says this at one stage, such as `554 5.7.1 spam`, and does its work at the others.
    Say(Stage, String),
    /// Says nothing any more, and keeps the connection.
    Silence,
    /// Takes the message, which counts as received, and hangs up without a word: the client cannot know.
    DropAfterData,
    /// The same, but it keeps the connection.
    SilenceAfterData,
}

/// The points of a conversation at which a server may say something else, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before anybody has said a word.
    Greeting,
    Login,
    /// After MAIL.
    Sender,
    /// After RCPT.
    Recipient,
    /// After DATA, before the message.
    Data,
    /// After the message.
    Message,
}

impl SmtpAnswer {
    /// What is said at this stage instead of the usual, if anything is.
    pub(super) fn instead(&self, at: Stage) -> Option<&str> {
        match self {
            Self::Temporary if at == Stage::Recipient => Some("451 4.3.2 not now"),
            Self::Refuse if at == Stage::Recipient => Some("550 5.1.1 nobody of that name"),
            Self::Say(stage, line) if *stage == at => Some(line),
            Self::Accept
            | Self::Temporary
            | Self::Refuse
            | Self::Say(..)
            | Self::Silence
            | Self::DropAfterData
            | Self::SilenceAfterData => None,
        }
    }
}
