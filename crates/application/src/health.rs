//! Whether requests can be answered.

use std::sync::Arc;

use contacts_domain::ports::UnitOfWorkFactory;

use crate::{Dependencies, Result};

/// What those who run the service ask of it.
pub struct Health {
    /// For whoever decides where requests are sent.
    pub check_readiness: CheckReadiness,
}

impl Health {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        Self { check_readiness: CheckReadiness { store: dependencies.store.clone() } }
    }
}

/// Whether there is any use in sending requests here.
pub struct CheckReadiness {
    store: Arc<dyn UnitOfWorkFactory>,
}

impl CheckReadiness {
    /// Succeeds where the database answers. Caches are not asked: the service works without them.
    pub async fn execute(&self) -> Result<()> {
        Ok(self.store.ping().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, testing::FakeStore};

    #[tokio::test]
    async fn ready_while_the_database_answers() {
        let check = CheckReadiness { store: FakeStore::untouched() };
        assert!(check.execute().await.is_ok());
    }

    #[tokio::test]
    async fn not_ready_while_the_database_is_unavailable() {
        let check = CheckReadiness { store: FakeStore::unreachable() };
        assert!(matches!(check.execute().await, Err(Error::Unavailable(_))));
    }
}
