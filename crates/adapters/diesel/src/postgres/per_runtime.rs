//! What every runtime has one of.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use tokio::runtime::{Handle, Id};

/// Connections belong to the runtime on which they were opened, and what a thread asks of one of its own comes back to
/// it: nobody needs to be woken (ADR 19).
pub(super) struct PerRuntime<T> {
    made: RwLock<HashMap<Id, T>>,
}

impl<T: Clone> PerRuntime<T> {
    pub(super) fn new() -> Self {
        Self { made: RwLock::default() }
    }

    /// What this runtime has, or is given with this.
    pub(super) fn here(&self, make: impl FnOnce(Handle) -> T) -> RepositoryResult<T> {
        let runtime = Handle::try_current().map_err(|error| RepositoryError::Unavailable(error.into()))?;
        let id = runtime.id();
        let known = self.made.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        Ok(known.unwrap_or_else(|| {
            let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
            made.entry(id).or_insert_with(|| make(runtime)).clone()
        }))
    }
}
