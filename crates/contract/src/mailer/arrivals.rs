//! Where mails arrive.

use async_trait::async_trait;

use crate::servers::smtp::SmtpServer;

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Whom it was brought to, whatever its headers say; `None` where nobody brings it.
    pub recipients: Option<Vec<String>>,
    /// The message, byte for byte.
    pub message: Vec<u8>,
}

/// What has arrived.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Every mail that has arrived by now. A mail that was sent with success MUST be among them.
    async fn arrived(&self) -> Vec<Arrived>;
}

#[async_trait]
impl Mailbox for SmtpServer {
    async fn arrived(&self) -> Vec<Arrived> {
        let received = self.messages().into_iter();
        received.map(|mail| Arrived { recipients: Some(mail.recipients), message: mail.data }).collect()
    }
}
