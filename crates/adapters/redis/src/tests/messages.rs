//! A listener for tests, and what it is told.

use std::sync::Arc;

use contacts_domain::{ids::UserId, ports::InvalidationListener};
use tokio::{
    sync::{
        Mutex,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    task::JoinHandle,
};

use super::in_time;
use crate::RedisInvalidations;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Connected,
    Invalidated(UserId, i64),
    Disconnected,
}

/// Tells a listener of the test's what it hears, and notes it.
struct Recorder {
    events: UnboundedSender<Event>,
    listener: Option<Arc<dyn InvalidationListener>>,
}

impl Recorder {
    fn pass_on(&self, event: Event, tell: impl FnOnce(&dyn InvalidationListener)) {
        if let Some(listener) = &self.listener {
            tell(&**listener);
        }
        // A test that has ended listens no more.
        let _ = self.events.send(event);
    }
}

impl InvalidationListener for Recorder {
    fn connected(&self) {
        self.pass_on(Event::Connected, |listener| listener.connected());
    }

    fn invalidated(&self, user: UserId, minimum: i64) {
        self.pass_on(Event::Invalidated(user, minimum), |listener| listener.invalidated(user, minimum));
    }

    fn disconnected(&self) {
        self.pass_on(Event::Disconnected, |listener| listener.disconnected());
    }
}

/// A replica's ears.
pub(super) struct Ears {
    events: Mutex<UnboundedReceiver<Event>>,
    pub(super) task: JoinHandle<std::convert::Infallible>,
}

impl Ears {
    /// Listens by way of that URL. What is heard is passed on to the listener first.
    pub(super) fn open(url: &str, listener: Option<Arc<dyn InvalidationListener>>) -> Self {
        let (sender, events) = unbounded_channel();
        let recorder = Arc::new(Recorder { events: sender, listener });
        let task = tokio::spawn(RedisInvalidations::open(url).unwrap().run(recorder));
        Self { events: Mutex::new(events), task }
    }

    /// Waits for an event. Users whom the test does not know are others' concern: they share the channel.
    pub(super) async fn hear(&self, expected: Event) {
        in_time(async {
            let mut events = self.events.lock().await;
            loop {
                match (events.recv().await.unwrap(), expected) {
                    (event, expected) if event == expected => return,
                    (Event::Invalidated(user, _), Event::Invalidated(other, _)) if user != other => {}
                    (Event::Invalidated(..), Event::Connected | Event::Disconnected) => {}
                    (event, expected) => panic!("{event:?} in the place of {expected:?}"),
                }
            }
        })
        .await;
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        self.task.abort();
    }
}
