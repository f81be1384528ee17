use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use contacts_domain::{
    password::{Password, PasswordHash},
    ports::{HasherError, PasswordHasher},
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256, Sha384};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many passwords may wait to be hashed, and for how long.
const MAX_WAITING: usize = 256;
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Salt and hash of a password that nobody has: whatever is compared with it costs the same work, and
/// it need not be made anew at each start.
const NOBODY: &str = "R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";

/// bcrypt over `base64(hmac-sha384(password, pepper))`.
///
/// bcrypt itself reads 72 bytes at most and stops at NUL; the 64 characters that it gets here are
/// neither too long nor hold one. The pepper is a secret of the deployment: a stolen database alone
/// gives nothing to guess against.
///
/// What is stored is `v1:<pepper's name>:<bcrypt's own text>`.
#[derive(Clone)]
pub struct BcryptHasher {
    worker: Arc<Worker>,
    /// As many as there are cores: more would only slow each other.
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

struct Worker {
    pepper: SecretString,
    pepper_name: String,
    cost: u32,
    /// What the password of an unknown user is compared with.
    nobody: String,
}

/// The cost lies outside of what bcrypt knows.
#[derive(Debug, thiserror::Error)]
#[error("a bcrypt cost is a number from 4 to 15")]
pub struct InvalidCost;

/// Every password would seem to be wrong: that is a fault of the deployment, not of its users.
#[derive(Debug, thiserror::Error)]
#[error("a stored password was made with another pepper than PASSWORD_PEPPER")]
struct AnotherPepper;

impl BcryptHasher {
    /// `cost` is the logarithm of the work, 4 to 15: each step doubles it.
    pub fn new(pepper: SecretString, cost: u32) -> Result<Self, InvalidCost> {
        if !(4..=15).contains(&cost) {
            return Err(InvalidCost);
        }
        let name = Sha256::digest(format!("contacts pepper {}", pepper.expose_secret()));
        let pepper_name = name[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        let worker = Worker { pepper, pepper_name, cost, nobody: format!("$2b${cost:02}${NOBODY}") };
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Ok(Self {
            worker: Arc::new(worker),
            running: Arc::new(Semaphore::new(cores)),
            waiting: Arc::new(Semaphore::new(cores + MAX_WAITING)),
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
        let task = tokio::task::spawn_blocking(move || {
            // Given back when the work is done, even where nobody waits for it any more.
            let _turn = turn;
            work(&worker)
        });
        task.await.map_err(|error| HasherError::Backend(error.into()))?
    }
}

impl Worker {
    fn peppered(&self, password: &str) -> Result<String, HasherError> {
        let mut mac = Hmac::<Sha384>::new_from_slice(self.pepper.expose_secret().as_bytes())
            .map_err(|error| HasherError::Backend(error.into()))?;
        mac.update(password.as_bytes());
        Ok(STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn bcrypt(&self, password: &str) -> Result<String, HasherError> {
        bcrypt::non_truncating_hash(self.peppered(password)?, self.cost)
            .map_err(|error| HasherError::Backend(error.into()))
    }

    fn hash(&self, password: &str) -> Result<PasswordHash, HasherError> {
        Ok(PasswordHash::new(format!("v1:{}:{}", self.pepper_name, self.bcrypt(password)?)))
    }

    fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<bool, HasherError> {
        let stored = hash.map(|hash| self.of_this_pepper(hash).ok_or(AnotherPepper)).transpose();
        let stored = stored.map_err(|error| HasherError::Backend(error.into()))?;
        // For nobody the same work is done for nothing.
        let matches = bcrypt::non_truncating_verify(self.peppered(password)?, stored.unwrap_or(&self.nobody))
            .map_err(|error| HasherError::Backend(error.into()))?;
        Ok(matches && stored.is_some())
    }

    /// bcrypt's part of a hash that was made with this pepper.
    fn of_this_pepper<'a>(&self, hash: &'a PasswordHash) -> Option<&'a str> {
        hash.expose().strip_prefix("v1:")?.strip_prefix(self.pepper_name.as_str())?.strip_prefix(':')
    }
}

#[async_trait]
impl PasswordHasher for BcryptHasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherError> {
        let password = password.clone();
        self.run(move |worker| worker.hash(password.expose())).await
    }

    async fn verify<'a>(&self, password: &Password, hash: Option<&'a PasswordHash>) -> Result<bool, HasherError> {
        let (password, hash) = (password.clone(), hash.cloned());
        self.run(move |worker| worker.verify(password.expose(), hash.as_ref())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(pepper: &str) -> BcryptHasher {
        BcryptHasher::new(pepper.to_owned().into(), 4).unwrap()
    }

    #[tokio::test]
    async fn a_hash_names_its_pepper_and_another_one_is_a_fault() {
        let password = Password::attempt("analytical engine");
        let hash = hasher("pepper of this deployment").hash(&password).await.unwrap();
        assert!(hash.expose().starts_with("v1:") && !hash.expose().contains("deployment"));
        assert!(hasher("pepper of this deployment").verify(&password, Some(&hash)).await.unwrap());
        let another = hasher("pepper of another one").verify(&password, Some(&hash)).await;
        assert!(matches!(another, Err(HasherError::Backend(_))));
    }

    #[test]
    fn costs_that_bcrypt_does_not_know_are_refused() {
        for cost in [0, 3, 16, u32::MAX] {
            assert!(BcryptHasher::new("pepper".to_owned().into(), cost).is_err(), "{cost}");
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
        let cores = u32::try_from(hasher.running.available_permits()).unwrap();
        let _all = hasher.running.acquire_many(cores).await.unwrap();
        let refused = hasher.verify(&Password::attempt("analytical engine"), None).await;
        assert!(matches!(refused, Err(HasherError::Busy)));
    }
}
