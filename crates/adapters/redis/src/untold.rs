//! Invalidations that Redis has not taken yet: told again until it has.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use contacts_domain::ids::UserId;
use tokio::time::{Instant, sleep};

use crate::user_cache::{MINIMUM_MS, Teller};

/// How long Redis is left alone between two rounds. The promise is that others hear within a second.
const PAUSE: Duration = Duration::from_millis(100);
/// After this nobody believes what is to be forgotten any more.
const LIFETIME: Duration = Duration::from_millis(MINIMUM_MS);
/// More than that change in a minute nowhere; while Redis is away for longer they are not kept.
const MOST: usize = 100_000;

#[derive(Clone, Default)]
pub(crate) struct Untold(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    minimums: HashMap<UserId, (i64, Instant)>,
    /// Whether there is a task that tells them.
    telling: bool,
}

impl Untold {
    /// Keeps an invalidation that came to nothing, and has it told in the background.
    pub(crate) fn keep(&self, user: UserId, minimum: i64, teller: &Arc<Teller>) {
        let mut state = self.lock();
        if state.minimums.len() >= MOST && !state.minimums.contains_key(&user) {
            return;
        }
        let kept = state.minimums.entry(user).or_insert((minimum, Instant::now()));
        *kept = (kept.0.max(minimum), Instant::now());
        if !std::mem::replace(&mut state.telling, true) {
            tokio::spawn(self.clone().tell(Arc::downgrade(teller)));
        }
    }

    /// Ends when nothing is left, or the cache is gone.
    async fn tell(self, teller: Weak<Teller>) {
        loop {
            sleep(PAUSE).await;
            let Some(teller) = teller.upgrade() else { return };
            let Some(waiting) = self.waiting() else { return };
            for (user, minimum) in waiting {
                if !teller.insist(user, minimum).await {
                    // What keeps one from being told keeps the others, too.
                    break;
                }
                self.told(user, minimum);
            }
        }
    }

    /// `None` where nothing is left: then the task that asks has ended.
    fn waiting(&self) -> Option<Vec<(UserId, i64)>> {
        let mut state = self.lock();
        state.minimums.retain(|_, (_, since)| since.elapsed() < LIFETIME);
        state.telling = !state.minimums.is_empty();
        state.telling.then(|| state.minimums.iter().map(|(user, (minimum, _))| (*user, *minimum)).collect())
    }

    fn told(&self, user: UserId, minimum: i64) {
        let mut state = self.lock();
        // A greater one may have come meanwhile.
        if state.minimums.get(&user).is_some_and(|(kept, _)| *kept <= minimum) {
            state.minimums.remove(&user);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic cannot leave a map of numbers half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
