//! Hears what any replica invalidates.

use std::{convert::Infallible, fmt, pin::pin, sync::Arc, time::Duration};

use contacts_domain::{ids::UserId, ports::InvalidationListener};
use futures_util::StreamExt as _;
use redis::{
    Client, Msg, RedisError, Value,
    aio::{PubSubSink, PubSubStream},
};
use tokio::time::{error::Elapsed, sleep, timeout};

use crate::{client::InvalidUrl, entry::version, keys};

/// How often Redis is asked whether it is still there. A connection over which nothing comes may be
/// quiet, or dead without a sign.
const PULSE: Duration = Duration::from_secs(1);
/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(1);
/// How long connecting may take, encryption included.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between a connection that was lost and the next attempt.
const PAUSE: Duration = Duration::from_millis(500);

/// Why nothing is heard. It says nothing of what is stored.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no answer in time")]
    Deadline(#[from] Elapsed),
    #[error("{0}")]
    Broken(#[from] RedisError),
    #[error("the connection was closed")]
    Closed,
}

/// A subscription that is made anew whenever it is lost.
pub struct RedisInvalidations {
    client: Client,
}

impl RedisInvalidations {
    /// Fails where the URL is malformed, and for no other reason.
    pub fn open(url: &str) -> Result<Self, InvalidUrl> {
        Ok(Self { client: Client::open(url).map_err(InvalidUrl)? })
    }

    /// Tells the listener everything that is heard, until it is dropped: then nothing is heard any more,
    /// and the listener is told that, too. A connection that is lost is noticed within some two seconds,
    /// and one that is possible is made within some three.
    pub async fn run(self, listener: Arc<dyn InvalidationListener>) -> Infallible {
        let mut was_heard = true;
        loop {
            let failure = match self.subscribe().await {
                Ok((sink, messages)) => {
                    was_heard = true;
                    tracing::info!("invalidations of other replicas are heard");
                    Hearing::begin(&*listener).until_it_fails(sink, messages).await
                }
                Err(failure) => failure,
            };
            // One outage is one warning, however often it is tried in vain.
            if was_heard {
                tracing::warn!(%failure, "invalidations of other replicas are not heard; users are not kept in memory");
            } else {
                tracing::debug!(%failure, "invalidations of other replicas are still not heard");
            }
            was_heard = false;
            sleep(PAUSE).await;
        }
    }

    /// Returns when Redis has confirmed that it passes on every message from now on.
    async fn subscribe(&self) -> Result<(PubSubSink, PubSubStream), Failure> {
        let (mut sink, messages) = timeout(PATIENCE, self.client.get_async_pubsub()).await??.split();
        timeout(DEADLINE, sink.subscribe(keys::INVALIDATIONS)).await??;
        Ok((sink, messages))
    }
}

/// While it lives, the listener hears everything. However it ends, the listener is told.
struct Hearing<'a> {
    listener: &'a dyn InvalidationListener,
}

impl<'a> Hearing<'a> {
    fn begin(listener: &'a dyn InvalidationListener) -> Self {
        listener.connected();
        Self { listener }
    }

    async fn until_it_fails(self, sink: PubSubSink, mut messages: PubSubStream) -> Failure {
        let mut pulse = pin!(pulse(sink));
        loop {
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.pass_on(&message),
                    None => return Failure::Closed,
                },
                failure = &mut pulse => return failure,
            }
        }
    }

    fn pass_on(&self, message: &Msg) {
        match read(message.get_payload_bytes()) {
            Some((user, minimum)) => self.listener.invalidated(user, minimum),
            None => tracing::warn!("a message that is no invalidation is ignored"),
        }
    }
}

impl Drop for Hearing<'_> {
    fn drop(&mut self) {
        self.listener.disconnected();
    }
}

/// Asks for a sign of life again and again, and returns when there is none.
async fn pulse(mut sink: PubSubSink) -> Failure {
    loop {
        sleep(PULSE).await;
        match timeout(DEADLINE, sink.ping::<Value>()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return error.into(),
            Err(elapsed) => return elapsed.into(),
        }
    }
}

/// `<user>:<minimum>`
fn read(payload: &[u8]) -> Option<(UserId, i64)> {
    let (user, minimum) = std::str::from_utf8(payload).ok()?.split_once(':')?;
    Some((UserId::parse(user)?, version(minimum.as_bytes())?))
}

impl fmt::Debug for RedisInvalidations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisInvalidations").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::GONE;

    use super::*;

    #[test]
    fn only_a_user_and_a_minimum_are_a_message() {
        let user = UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let message = |digits: &str| read(format!("{user}:{digits}").as_bytes());
        assert_eq!(message("00000000000000000042"), Some((user, 42)));
        assert_eq!(message("09223372036854775807"), Some((user, GONE)));
        for digits in ["", "42", "09223372036854775808", "-0000000000000000042", "+0000000000000000042"] {
            assert_eq!(message(digits), None, "{digits}");
        }
        for payload in [&b""[..], b":", b"x:00000000000000000042", b"\xff\xfe:\0", user.to_string().as_bytes()] {
            assert_eq!(read(payload), None, "{payload:?}");
        }
    }
}
