//! What the acceptor of connections says when its listener is closed on purpose.

use std::fmt;

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::layer::{Context, Layer};

/// Keeps it out of the log: each shutdown would end with an error that is none. The acceptor's own errors, such
/// as a lack of file descriptors, remain.
pub(super) struct ClosedListener;

impl<S: Subscriber> Layer<S> for ClosedListener {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        if event.metadata().target() != "actix_server::accept" {
            return true;
        }
        let mut message = Message::default();
        event.record(&mut message);
        !message.says_that_nobody_listens
    }
}

#[derive(Default)]
struct Message {
    says_that_nobody_listens: bool,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // EINVAL: accept(2) says so of a socket that is not listening.
        if field.name() == "message" && format!("{value:?}").ends_with("(os error 22)") {
            self.says_that_nobody_listens = true;
        }
    }
}
