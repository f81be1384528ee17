use std::sync::Mutex;

use contacts_domain::ports::IdGenerator;
use uuid::{ContextV7, Timestamp, Uuid};

/// UUIDs of version 7 (RFC 9562): the time in milliseconds, a counter, and 41 bits or more at random.
#[derive(Debug, Default)]
pub struct UuidV7Generator {
    context: Mutex<ContextV7>,
}

impl UuidV7Generator {
    /// The order among ids is that of one generator: a process has one.
    pub fn new() -> Self {
        Self::default()
    }
}

impl IdGenerator for UuidV7Generator {
    fn next(&self) -> Uuid {
        // The counter is whole even where another thread panicked while it held the lock.
        let context = self.context.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(Timestamp::now(&*context))
    }
}
