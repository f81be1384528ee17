//! Connections that are kept for the next mail.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{failure::Failure, session::Session, settings::Settings};

/// Mails come one by one, and each worker sends one at a time.
const KEPT: usize = 2;

pub(super) struct Connections {
    settings: Settings,
    idle: Mutex<Vec<Session>>,
}

impl Connections {
    /// Opens none: a server that is down does not keep us from starting.
    pub(super) const fn new(settings: Settings) -> Self {
        Self { settings, idle: Mutex::new(Vec::new()) }
    }

    /// A connection whose server was there a moment ago. Whoever takes it gives it back after a success
    /// alone: dropped in the middle of a conversation, by a failure or a timeout, it is closed.
    pub(super) async fn take(&self) -> Result<Session, Failure> {
        let kept = self.idle().pop();
        if let Some(mut session) = kept {
            if session.is_alive().await {
                return Ok(session);
            }
            // What ended one, a restart or an idle limit, has most likely ended the others too.
            self.idle().clear();
        }
        Session::open(&self.settings).await
    }

    pub(super) fn give_back(&self, session: Session) {
        let mut idle = self.idle();
        if idle.len() < KEPT {
            idle.push(session);
        }
    }

    /// Nothing that is done under the lock can panic.
    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
