use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use contacts_domain::ports::{Event, Meter, ReadRepositories, RepositoryResult, UnitOfWork, UnitOfWorkFactory};

/// Tells how long transactions wait for a connection, or for the one writer, before they begin. Reads wait for neither.
pub struct MeteredStore {
    store: Arc<dyn UnitOfWorkFactory>,
    meter: Arc<dyn Meter>,
}

impl MeteredStore {
    /// Says to `meter` how long `store` lets transactions wait, and changes nothing of it.
    pub fn new(store: Arc<dyn UnitOfWorkFactory>, meter: Arc<dyn Meter>) -> Self {
        Self { store, meter }
    }
}

#[async_trait]
impl UnitOfWorkFactory for MeteredStore {
    async fn begin(&self) -> RepositoryResult<Box<dyn UnitOfWork>> {
        let since = Instant::now();
        let begun = self.store.begin().await;
        self.meter.note(&Event::TransactionAwaited { waited: since.elapsed() });
        begun
    }

    fn read(&self) -> &dyn ReadRepositories {
        self.store.read()
    }

    async fn ping(&self) -> RepositoryResult<()> {
        self.store.ping().await
    }
}
