//! How often somebody may try a password.

use std::{num::NonZeroU32, sync::Arc};

use contacts_domain::{
    caller::ClientAddress,
    ids::SessionId,
    ports::RateLimiter,
    rate_limit::{RateKey, RateLimit},
};

use super::judge;
use crate::{Dependencies, Result};

/// How much more all strangers together may try at one account than one address alone.
const STRANGERS: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// Two buckets. One counts an address at an account, tightly. The other counts what is tried at an account
/// by addresses that never logged in to it, all together: it slows down whoever guesses from many addresses,
/// and never the owner at an address of theirs. Accounts that do not exist are counted alike.
#[derive(Clone)]
pub(crate) struct LoginLimits {
    limiter: Arc<dyn RateLimiter>,
    limit: Option<RateLimit>,
}

impl LoginLimits {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        Self { limiter: dependencies.rate_limiter.clone(), limit: dependencies.policy.rate_limits.login }
    }

    /// Counts an attempt before it is made, so that many at once are counted, too.
    pub(crate) async fn admit(&self, account: &str, address: ClientAddress) -> Result<()> {
        self.take(&from(account, address), self.limit).await
    }

    /// Counts an attempt from an address that never logged in to this account.
    pub(crate) async fn admit_stranger(&self, account: &str) -> Result<()> {
        self.take(&by_strangers(account), self.limit.map(|limit| limit.times(STRANGERS))).await
    }

    /// Counts an attempt of somebody who is logged in, wherever they are: whoever stole an access token must not
    /// guess from many addresses.
    pub(crate) async fn admit_session(&self, session: SessionId) -> Result<()> {
        self.take(&RateKey::PasswordIn(session), self.limit).await
    }

    /// As [`forgive`](Self::forgive).
    pub(crate) async fn forgive_session(&self, session: SessionId) {
        if let Some(limit) = self.limit {
            self.limiter.give_back(&RateKey::PasswordIn(session), &limit).await;
        }
    }

    /// An attempt that was right does not count.
    pub(crate) async fn forgive(&self, account: &str, address: ClientAddress, stranger: bool) {
        let Some(limit) = self.limit else { return };
        self.limiter.give_back(&from(account, address), &limit).await;
        if stranger {
            self.limiter.give_back(&by_strangers(account), &limit.times(STRANGERS)).await;
        }
    }

    async fn take(&self, key: &RateKey, limit: Option<RateLimit>) -> Result<()> {
        match limit {
            Some(limit) => judge(self.limiter.take(key, &limit).await),
            None => Ok(()),
        }
    }
}

fn from(account: &str, address: ClientAddress) -> RateKey {
    RateKey::LoginFrom { account: account.to_owned(), address }
}

fn by_strangers(account: &str) -> RateKey {
    RateKey::LoginByStrangers { account: account.to_owned() }
}
