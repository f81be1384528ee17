use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether the service is about to end. Everything is still answered then, but who asks whether it is ready
/// is sent elsewhere, and no connection is kept alive.
#[derive(Clone, Default)]
pub(crate) struct Draining(Arc<AtomicBool>);

impl Draining {
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
