//! The buckets that are not full, in the order in which they will be.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use contacts_domain::rate_limit::{RateDecision, RateKey, RateLimit};
use sha2::{Digest as _, Sha256};

/// Stands for a key in a few bytes: an account in a key is anybody's text, of any length.
type Name = [u8; 32];

/// A bucket that is full is not kept: it is like one that never was.
pub(super) struct Buckets {
    capacity: usize,
    full_at: HashMap<Name, Duration>,
    by_time: BTreeSet<(Duration, Name)>,
}

impl Buckets {
    pub(super) fn up_to(capacity: usize) -> Self {
        Self { capacity, full_at: HashMap::new(), by_time: BTreeSet::new() }
    }

    pub(super) fn take(&mut self, key: &RateKey, limit: &RateLimit, now: Duration) -> RateDecision {
        let name = name(key);
        let (full_at, decision) = limit.take(self.full_at(&name), now);
        self.set(name, full_at, now);
        decision
    }

    pub(super) fn give_back(&mut self, key: &RateKey, limit: &RateLimit, now: Duration) {
        let name = name(key);
        let full_at = limit.give_back(self.full_at(&name), now);
        self.set(name, full_at, now);
    }

    fn full_at(&self, name: &Name) -> Duration {
        self.full_at.get(name).copied().unwrap_or_default()
    }

    fn set(&mut self, name: Name, full_at: Duration, now: Duration) {
        if let Some(before) = self.full_at.insert(name, full_at) {
            self.by_time.remove(&(before, name));
        }
        self.by_time.insert((full_at, name));
        while let Some(&(soonest, name)) = self.by_time.first()
            && (soonest <= now || self.by_time.len() > self.capacity)
        {
            self.by_time.pop_first();
            self.full_at.remove(&name);
        }
    }
}

fn name(key: &RateKey) -> Name {
    Sha256::digest(key.to_string()).into()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use contacts_domain::rate_limit::Verdict;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn hourly(burst: u32) -> RateLimit {
        RateLimit::new(NonZeroU32::MIN, HOUR, NonZeroU32::new(burst).unwrap()).unwrap()
    }

    fn key(account: usize) -> RateKey {
        RateKey::LoginByStrangers { account: account.to_string() }
    }

    fn is_allowed(decision: RateDecision) -> bool {
        decision.verdict == Verdict::Allowed
    }

    #[test]
    fn a_bucket_fills_with_time() {
        let mut buckets = Buckets::up_to(10);
        assert!(is_allowed(buckets.take(&key(1), &hourly(1), HOUR)));
        assert!(!is_allowed(buckets.take(&key(1), &hourly(1), HOUR * 2 - Duration::from_nanos(1))));
        assert!(is_allowed(buckets.take(&key(1), &hourly(1), HOUR * 2)));
    }

    #[test]
    fn what_is_full_again_is_forgotten() {
        let mut buckets = Buckets::up_to(10);
        for account in 0..5 {
            buckets.take(&key(account), &hourly(1), Duration::ZERO);
        }
        buckets.take(&key(5), &hourly(1), HOUR);
        assert_eq!((buckets.full_at.len(), buckets.by_time.len()), (1, 1));
        buckets.give_back(&key(5), &hourly(1), HOUR);
        assert_eq!((buckets.full_at.len(), buckets.by_time.len()), (0, 0));
    }

    #[test]
    fn of_too_many_those_that_are_full_first_are_forgotten() {
        let mut buckets = Buckets::up_to(10);
        let exhausted = key(0);
        while is_allowed(buckets.take(&exhausted, &hourly(5), Duration::ZERO)) {}
        for account in 1..1_000 {
            buckets.take(&key(account), &hourly(5), Duration::ZERO);
            assert!(buckets.full_at.len() <= 10 && buckets.by_time.len() == buckets.full_at.len());
        }
        assert!(!is_allowed(buckets.take(&exhausted, &hourly(5), Duration::ZERO)));
    }
}
