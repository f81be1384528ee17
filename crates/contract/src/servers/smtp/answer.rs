//! How a server behaves.

/// The points of a conversation at which a server may behave otherwise, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before anybody has said a word.
    Greeting,
    /// After AUTH and what belongs to it.
    Authentication,
    /// After MAIL.
    Sender,
    /// After RCPT.
    Recipient,
    /// After DATA, before the message.
    Data,
    /// After the message.
    Message,
}

/// What it does at one stage; at every other one it does its work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Whatever is said, all is well.
    #[default]
    Accept,
    /// Says this instead, such as `550 5.1.1 unknown`.
    Say(Stage, String),
    /// Says nothing any more, and keeps the connection.
    Silence(Stage),
    /// Closes the connection without a word.
    HangUp(Stage),
    /// Receives the message and then says nothing any more: the client cannot know that it is there.
    TakeInSilence,
    /// Receives the message and hangs up without a word.
    TakeAndHangUp,
}

impl Answer {
    /// Says this at that stage. The text begins with a reply code (RFC 5321 section 4.2).
    pub fn say(stage: Stage, text: impl Into<String>) -> Self {
        Self::Say(stage, text.into())
    }

    /// Whether a message is among those received once its last line is there, whatever is said then.
    pub(super) fn takes_the_message(&self) -> bool {
        match self {
            Self::Accept | Self::TakeInSilence | Self::TakeAndHangUp => true,
            Self::Say(at, _) | Self::Silence(at) | Self::HangUp(at) => *at != Stage::Message,
        }
    }
}
