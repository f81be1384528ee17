use std::{sync::Arc, time::Duration};

use contacts_domain::{
    mail::Backlog,
    ports::{Clock, UnitOfWorkFactory},
};

use crate::Result;

/// Says how much there is to send.
pub struct MeasureBacklog {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
}

impl MeasureBacklog {
    /// Also for how long the oldest mail has waited: zero where none does.
    pub async fn execute(&self) -> Result<(Backlog, Duration)> {
        let backlog = self.store.read().outbox().backlog().await?;
        let waited = backlog.oldest.and_then(|oldest| (self.clock.now() - oldest).to_std().ok());
        Ok((backlog, waited.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::RepositoryError;

    use super::*;
    use crate::{
        Error,
        testing::{FakeStore, clock, now},
    };

    fn measure(backlog: Option<Backlog>) -> MeasureBacklog {
        let store = FakeStore::reading(|reads| {
            reads
                .outbox
                .expect_backlog()
                .returning(move || backlog.clone().ok_or_else(|| RepositoryError::Unavailable("away".into())));
        });
        MeasureBacklog { store, clock: clock() }
    }

    #[tokio::test]
    async fn the_oldest_mail_has_waited_since_it_was_ordered() {
        let oldest = now() - Duration::from_secs(90);
        let backlog = Backlog { waiting: 2, oldest: Some(oldest), given_up: 1 };
        let measured = measure(Some(backlog.clone())).execute().await.unwrap();
        assert_eq!(measured, (backlog, Duration::from_secs(90)));
    }

    #[tokio::test]
    async fn where_nothing_waits_or_clocks_differ_nothing_has_waited() {
        for oldest in [None, Some(now() + Duration::from_secs(1))] {
            let (_, waited) = measure(Some(Backlog { oldest, ..Backlog::default() })).execute().await.unwrap();
            assert_eq!(waited, Duration::ZERO);
        }
    }

    #[tokio::test]
    async fn nothing_is_said_while_the_database_is_away() {
        assert!(matches!(measure(None).execute().await, Err(Error::Unavailable(_))));
    }
}
