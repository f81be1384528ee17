use std::{io, iter, num::NonZeroUsize, sync::Arc, time::Duration};

use async_trait::async_trait;
use bcrypt::HashParts;
use contacts_domain::{
    password::{Password, PasswordHash},
    ports::{HasherError, PasswordHasher, Verification},
};
use secrecy::SecretString;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{hashing_threads::HashingThreads, pepper::Pepper};

/// How many passwords may wait to be hashed, and for how long.
const MAX_WAITING: usize = 256;
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Salt and hash of a password that nobody has: whatever is compared with it costs the same work, and
/// it need not be made anew at each start.
const NOBODY: &str = "R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";

/// bcrypt over `base64(hmac-sha384(password, pepper))`.
///
/// What is stored is `v1:<pepper's name>:<bcrypt's own text>`.
#[derive(Clone)]
pub struct BcryptHasher {
    worker: Arc<Worker>,
    threads: Arc<HashingThreads>,
    /// As many as there are threads: whoever has one of them does not wait.
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

struct Worker {
    pepper: Pepper,
    /// Those before: what was hashed with one of them still verifies.
    previous: Vec<Pepper>,
    cost: u32,
    /// What the password of an unknown user is compared with.
    nobody: String,
}

/// Why there is no hasher.
#[derive(Debug, thiserror::Error)]
pub enum BcryptError {
    /// The cost lies outside of what bcrypt knows, or is good for.
    #[error("a bcrypt cost is a number from 4 to 15")]
    Cost,
    /// The operating system has no more of them for this process.
    #[error("the threads that hash passwords cannot be started")]
    Threads(#[from] io::Error),
}

/// Every password would seem to be wrong: that is a fault of the deployment, not of its users.
#[derive(Debug, thiserror::Error)]
#[error("a stored password was made with neither PASSWORD_PEPPER nor any of PASSWORD_PREVIOUS_PEPPERS")]
struct UnknownPepper;

impl BcryptHasher {
    /// Hashes with `pepper`, and verifies with it and all of `previous`. `cost` is the logarithm of the
    /// work, 4 to 15: each step doubles it.
    pub fn new(pepper: SecretString, previous: Vec<SecretString>, cost: u32) -> Result<Self, BcryptError> {
        if !(4..=15).contains(&cost) {
            return Err(BcryptError::Cost);
        }
        let worker = Worker {
            pepper: Pepper::new(pepper),
            previous: previous.into_iter().map(Pepper::new).collect(),
            cost,
            nobody: format!("$2b${cost:02}${NOBODY}"),
        };
        let count = hashing_threads();
        Ok(Self {
            worker: Arc::new(worker),
            threads: Arc::new(HashingThreads::start(count)?),
            running: Arc::new(Semaphore::new(count)),
            waiting: Arc::new(Semaphore::new(count + MAX_WAITING)),
        })
    }

    /// Does the work on a thread for it, once it is its turn.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Worker) -> Result<T, HasherError> + Send + 'static,
    ) -> Result<T, HasherError> {
        let _place: SemaphorePermit<'_> = self.waiting.try_acquire().map_err(|_| HasherError::Busy)?;
        let turn = tokio::time::timeout(MAX_WAIT, self.running.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| HasherError::Busy)?.map_err(|error| HasherError::Backend(error.into()))?;
        let worker = self.worker.clone();
        let work = move || {
            // Given back when the work is done, even where nobody waits for it any more.
            let _turn = turn;
            work(&worker)
        };
        self.threads.run(work).await.map_err(backend)?
    }
}

/// One fewer than there are cores, and one at least. A low priority counts among the threads of a process;
/// the database, which is another one, may wait for a core as long as any thread of ours wants them all.
fn hashing_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    cores.saturating_sub(1).max(1)
}

impl Worker {
    fn hash(&self, password: &str) -> Result<PasswordHash, HasherError> {
        let hash = bcrypt::non_truncating_hash(self.pepper.mix(password)?, self.cost).map_err(backend)?;
        Ok(PasswordHash::new(format!("v1:{}:{hash}", self.pepper.name())))
    }

    fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<Verification, HasherError> {
        let Some(hash) = hash else {
            // For nobody the same work is done for nothing.
            matches(&self.pepper, password, &self.nobody)?;
            return Ok(Verification::Wrong);
        };
        let (pepper, hash) = self.parts(hash).ok_or_else(|| backend(UnknownPepper))?;
        let cost = hash.parse::<HashParts>().map_err(backend)?.get_cost();
        let is_of_today = pepper.name() == self.pepper.name() && cost == self.cost;
        Ok(match (matches(pepper, password, hash)?, is_of_today) {
            (false, _) => Verification::Wrong,
            (true, true) => Verification::Right,
            (true, false) => Verification::Outdated,
        })
    }

    /// The pepper that a hash was made with, and bcrypt's part of it. `None` where the pepper is not known.
    fn parts<'a>(&self, hash: &'a PasswordHash) -> Option<(&Pepper, &'a str)> {
        let (name, hash) = hash.expose().strip_prefix("v1:")?.split_once(':')?;
        let pepper = iter::once(&self.pepper).chain(&self.previous).find(|pepper| pepper.name() == name)?;
        Some((pepper, hash))
    }
}

fn matches(pepper: &Pepper, password: &str, hash: &str) -> Result<bool, HasherError> {
    bcrypt::non_truncating_verify(pepper.mix(password)?, hash).map_err(backend)
}

fn backend(error: impl std::error::Error + Send + Sync + 'static) -> HasherError {
    HasherError::Backend(error.into())
}

#[async_trait]
impl PasswordHasher for BcryptHasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherError> {
        let password = password.clone();
        self.run(move |worker| worker.hash(password.expose())).await
    }

    async fn verify<'a>(
        &self,
        password: &Password,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verification, HasherError> {
        let (password, hash) = (password.clone(), hash.cloned());
        self.run(move |worker| worker.verify(password.expose(), hash.as_ref())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(pepper: &str) -> BcryptHasher {
        with(pepper, &[], 4)
    }

    fn with(pepper: &str, previous: &[&str], cost: u32) -> BcryptHasher {
        BcryptHasher::new(pepper.into(), previous.iter().map(|pepper| (*pepper).into()).collect(), cost).unwrap()
    }

    fn password() -> Password {
        Password::attempt("analytical engine")
    }

    async fn verified(hasher: &BcryptHasher, password: &Password, hash: &PasswordHash) -> Verification {
        hasher.verify(password, Some(hash)).await.unwrap()
    }

    #[tokio::test]
    async fn a_hash_names_its_pepper_and_an_unknown_one_is_a_fault() {
        let hash = hasher("pepper of this deployment").hash(&password()).await.unwrap();
        assert!(hash.expose().starts_with("v1:") && !hash.expose().contains("deployment"));
        for other in [hasher("pepper of another one"), with("new", &["pepper of another one"], 4)] {
            let fault = other.verify(&password(), Some(&hash)).await;
            assert!(matches!(fault, Err(HasherError::Backend(_))));
        }
    }

    #[tokio::test]
    async fn a_hash_of_a_previous_pepper_verifies_and_is_outdated() {
        let wrong = Password::attempt("difference engine");
        for (index, pepper) in ["first", "second", "third"].into_iter().enumerate() {
            let hash = hasher(pepper).hash(&password()).await.unwrap();
            let today = with("third", &["second", "first"], 4);
            let expected = if index == 2 { Verification::Right } else { Verification::Outdated };
            assert_eq!(verified(&today, &password(), &hash).await, expected, "{pepper}");
            assert_eq!(verified(&today, &wrong, &hash).await, Verification::Wrong, "{pepper}");
        }
    }

    #[tokio::test]
    async fn what_is_hashed_anew_is_no_longer_outdated() {
        let today = with("new", &["old"], 5);
        let hash = today.hash(&password()).await.unwrap();
        assert_eq!(verified(&today, &password(), &hash).await, Verification::Right);
        let once_old_is_forgotten = with("new", &[], 5);
        assert_eq!(verified(&once_old_is_forgotten, &password(), &hash).await, Verification::Right);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_outdated() {
        for (then, now) in [(4, 5), (5, 4)] {
            let hash = with("pepper", &[], then).hash(&password()).await.unwrap();
            assert_eq!(verified(&with("pepper", &[], now), &password(), &hash).await, Verification::Outdated);
            assert_eq!(verified(&with("pepper", &[], then), &password(), &hash).await, Verification::Right);
        }
    }

    #[tokio::test]
    async fn a_stored_text_that_is_no_hash_is_a_fault() {
        let hasher = hasher("pepper");
        let name = hasher.worker.pepper.name().to_owned();
        for text in ["", "v1:", "v2:x:y", "plain text", &format!("v1:{name}:"), &format!("v1:{name}:$2b$04$short")] {
            let fault = hasher.verify(&password(), Some(&PasswordHash::new(text.to_owned()))).await;
            assert!(matches!(fault, Err(HasherError::Backend(_))), "{text}");
        }
    }

    #[tokio::test]
    async fn an_unknown_user_costs_what_a_known_one_does() {
        let hasher = with("pepper", &["old"], 5);
        let hash = hasher.hash(&password()).await.unwrap();
        let known: HashParts = hasher.worker.parts(&hash).unwrap().1.parse().unwrap();
        let nobody: HashParts = hasher.worker.nobody.parse().unwrap();
        assert_eq!(nobody.get_cost(), known.get_cost());
        assert_eq!(hasher.verify(&password(), None).await.unwrap(), Verification::Wrong);
    }

    #[test]
    fn costs_that_bcrypt_does_not_know_are_refused() {
        for cost in [0, 3, 16, u32::MAX] {
            assert!(BcryptHasher::new("pepper".into(), vec![], cost).is_err(), "{cost}");
        }
    }

    #[tokio::test]
    async fn more_than_may_wait_are_told_that_it_is_busy() {
        let hasher = hasher("pepper");
        let places = u32::try_from(hasher.waiting.available_permits()).unwrap();
        let _all = hasher.waiting.acquire_many(places).await.unwrap();
        let refused = hasher.hash(&Password::attempt("analytical engine")).await;
        assert!(matches!(refused, Err(HasherError::Busy)));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_too_long_is_told_that_it_is_busy() {
        let hasher = hasher("pepper");
        let threads = u32::try_from(hasher.running.available_permits()).unwrap();
        let _all = hasher.running.acquire_many(threads).await.unwrap();
        let refused = hasher.verify(&Password::attempt("analytical engine"), None).await;
        assert!(matches!(refused, Err(HasherError::Busy)));
    }
}
