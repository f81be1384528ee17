//! How long a server may take.

use std::time::Duration;

use contacts_domain::mail::LONGEST_SENDING;

use super::failure::{Failure, Step};

/// Bounds of one sending. What takes longer has failed, and may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Of each step but the message itself: connecting, the handshake, one command and its answer.
    pub step: Duration,
    /// Of all steps together.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { step: Duration::from_secs(10), whole: LONGEST_SENDING }
    }
}

impl Timeouts {
    /// Runs one step of a conversation.
    pub(super) async fn step<T>(
        self,
        step: Step,
        work: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
    ) -> Result<T, Failure> {
        // Whoever leaves before the answer to the message sends it twice: it may take all the time there is.
        let limit = if step == Step::Message { self.whole } else { self.step };
        match tokio::time::timeout(limit, work).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(Failure::of(step, &error)),
            Err(_) => Err(Failure::timeout(step)),
        }
    }
}
