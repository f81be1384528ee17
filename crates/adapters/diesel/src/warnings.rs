//! What a pool could not do, in the log.

/// Says why a connection could not be opened: who waits for it only learns that there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Warnings;

impl<E: std::error::Error + 'static> bb8::ErrorSink<E> for Warnings {
    fn sink(&self, error: E) {
        let error: &(dyn std::error::Error + 'static) = &error;
        tracing::warn!(error, "a connection to the database could not be opened");
    }

    fn boxed_clone(&self) -> Box<dyn bb8::ErrorSink<E>> {
        Box::new(*self)
    }
}
