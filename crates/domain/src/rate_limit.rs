//! How often something may be done: the generic cell rate algorithm (GCRA).
//!
//! A bucket is one instant: when it will be full again. Each request moves it one interval further, and
//! is refused where that would lead more than a burst beyond now. It needs no timer and no list, and is
//! the same arithmetic in this process and in Redis.
//!
//! ```
//! use std::{num::NonZeroU32, time::Duration};
//!
//! use contacts_domain::rate_limit::{RateLimit, Verdict};
//!
//! let (sixty, two) = (NonZeroU32::new(60).ok_or("60")?, NonZeroU32::new(2).ok_or("2")?);
//! let limit = RateLimit::new(sixty, Duration::from_secs(60), two).ok_or("one a second, two at once")?;
//!
//! // Times count from any beginning, as long as it is the same one.
//! let now = Duration::from_secs(1000);
//! let (full_at, first) = limit.take(Duration::ZERO, now);
//! assert_eq!((first.verdict, first.remaining), (Verdict::Allowed, 1));
//! let (full_at, second) = limit.take(full_at, now);
//! assert_eq!((second.verdict, second.remaining), (Verdict::Allowed, 0));
//! let (full_at, third) = limit.take(full_at, now);
//! assert_eq!(third.verdict, Verdict::Refused { retry_after: Duration::from_secs(1) });
//!
//! let (_, later) = limit.take(full_at, now + Duration::from_secs(1));
//! assert_eq!(later.verdict, Verdict::Allowed);
//! # Ok::<(), &str>(())
//! ```

use std::{fmt, num::NonZeroU32, time::Duration};

use crate::{
    caller::ClientAddress,
    ids::{SessionId, UserId},
};

/// So many in a period, evenly; and so many at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    interval: Duration,
    burst: NonZeroU32,
}

impl RateLimit {
    /// `None` where the interval between two requests would be less than a microsecond.
    pub fn new(amount: NonZeroU32, period: Duration, burst: NonZeroU32) -> Option<Self> {
        let interval = period / amount.get();
        (interval >= Duration::from_micros(1)).then_some(Self { interval, burst })
    }

    /// `factor` times as much, and as many at once.
    #[must_use]
    pub fn times(self, factor: NonZeroU32) -> Self {
        let interval = (self.interval / factor.get()).max(Duration::from_micros(1));
        Self { interval, burst: self.burst.saturating_mul(factor) }
    }

    /// The time in which one more is allowed. At least a microsecond.
    pub const fn interval(&self) -> Duration {
        self.interval
    }

    /// How many are allowed at once.
    pub const fn burst(&self) -> NonZeroU32 {
        self.burst
    }

    /// The time in which an empty bucket is full again.
    pub fn window(&self) -> Duration {
        self.interval.saturating_mul(self.burst.get())
    }

    /// Takes one from a bucket that is full again at `full_at`; both times count from the same beginning.
    /// Returns when it is full again afterwards: unchanged where it is refused.
    pub fn take(&self, full_at: Duration, now: Duration) -> (Duration, RateDecision) {
        let taken = full_at.max(now).saturating_add(self.interval);
        let allowed = taken <= now.saturating_add(self.window());
        let full_at = if allowed { taken } else { full_at };
        (full_at, self.decision(allowed, full_at.saturating_sub(now)))
    }

    /// Puts back what one request took.
    pub fn give_back(&self, full_at: Duration, now: Duration) -> Duration {
        full_at.saturating_sub(self.interval).max(now)
    }

    /// What is to say of a bucket that is full again `reset` from now. For adapters that count elsewhere.
    pub fn decision(&self, allowed: bool, reset: Duration) -> RateDecision {
        let free = self.window().saturating_sub(reset).as_nanos() / self.interval.as_nanos();
        let retry = (reset + self.interval).saturating_sub(self.window());
        RateDecision {
            remaining: u32::try_from(free).unwrap_or(u32::MAX),
            reset,
            verdict: if allowed { Verdict::Allowed } else { Verdict::Refused { retry_after: retry } },
        }
    }
}

/// What a limiter says of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateDecision {
    /// Whether this one may go on.
    pub verdict: Verdict,
    /// How many more are allowed at this moment.
    pub remaining: u32,
    /// When the bucket is full again, from now.
    pub reset: Duration,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It took one.
    Allowed,
    /// It took none, so that asking again and again makes nothing worse.
    Refused {
        /// From now, the time after which one is allowed if nobody else takes it.
        retry_after: Duration,
    },
}

/// What is counted. Each has buckets of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RateKey {
    /// Requests of a user to their contacts.
    Contacts(UserId),
    /// Attempts to log in to an account from an address. The account is named by its
    /// [key](crate::email_address::account_key), whether it exists or not.
    LoginFrom {
        /// The account's [key](crate::email_address::account_key), whether it exists or not.
        account: String,
        /// A whole /64 of IPv6 is one address.
        address: ClientAddress,
    },
    /// Attempts to log in to an account from addresses that never did.
    LoginByStrangers {
        /// The account's [key](crate::email_address::account_key), whether it exists or not.
        account: String,
    },
    /// Refreshes of a session.
    Refresh(SessionId),
    /// Attempts, within a session, to name the password of its user.
    PasswordIn(SessionId),
}

/// A text that no two keys share. An account is anybody's text: it stands last, so that nothing of it
/// can pass for another part.
impl fmt::Display for RateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contacts(user) => write!(f, "contacts:{user}"),
            Self::LoginFrom { account, address } => write!(f, "login:{address}:{account}"),
            Self::LoginByStrangers { account } => write!(f, "strangers:{account}"),
            Self::Refresh(session) => write!(f, "refresh:{session}"),
            Self::PasswordIn(session) => write!(f, "password:{session}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limit(amount: u32, seconds: u64, burst: u32) -> RateLimit {
        let number = |n| NonZeroU32::new(n).unwrap();
        RateLimit::new(number(amount), Duration::from_secs(seconds), number(burst)).unwrap()
    }

    #[test]
    fn a_burst_then_one_an_interval() {
        let limit = limit(600, 60, 100);
        let now = Duration::from_secs(1000);
        let mut full_at = Duration::ZERO;
        for left in (0..100).rev() {
            let (next, decision) = limit.take(full_at, now);
            assert_eq!((decision.verdict, decision.remaining), (Verdict::Allowed, left));
            full_at = next;
        }
        let (unchanged, refused) = limit.take(full_at, now);
        assert_eq!(unchanged, full_at);
        assert_eq!(refused.verdict, Verdict::Refused { retry_after: Duration::from_millis(100) });
        assert_eq!((refused.remaining, refused.reset), (0, Duration::from_secs(10)));
        let (_, later) = limit.take(full_at, now + Duration::from_millis(100));
        assert_eq!(later.verdict, Verdict::Allowed);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let limit = limit(5, 60, 5);
        let now = Duration::from_secs(50);
        let (full_at, _) = limit.take(Duration::ZERO, now);
        assert_eq!(limit.give_back(full_at, now), now);
        assert_eq!(limit.give_back(Duration::ZERO, now), now);
    }

    #[test]
    fn an_interval_that_is_no_time_is_no_limit() {
        let number = |n| NonZeroU32::new(n).unwrap();
        assert_eq!(RateLimit::new(number(2), Duration::from_micros(1), number(1)), None);
    }

    proptest! {
        #[test]
        fn never_more_than_a_burst_and_the_rate_in_any_window(
            amount in 1_u32..50, burst in 1_u32..20,
            gaps in proptest::collection::vec(0_u64..3000, 1..200),
        ) {
            let limit = limit(amount, 60, burst);
            let (mut now, mut full_at) = (Duration::ZERO, Duration::ZERO);
            let mut allowed = Vec::new();
            for gap in gaps {
                now += Duration::from_millis(gap);
                let (next, decision) = limit.take(full_at, now);
                full_at = next;
                match decision.verdict {
                    Verdict::Allowed => allowed.push(now),
                    Verdict::Refused { retry_after } => {
                        prop_assert!(!retry_after.is_zero());
                        prop_assert_eq!(limit.take(full_at, now + retry_after).1.verdict, Verdict::Allowed);
                    }
                }
            }
            for (index, from) in allowed.iter().enumerate() {
                for (count, to) in allowed[index..].iter().enumerate() {
                    let at_most = u128::from(burst) + (*to - *from).as_nanos() / limit.interval().as_nanos();
                    prop_assert!(count as u128 <= at_most);
                }
            }
        }
    }

    #[test]
    fn no_two_keys_are_written_alike() {
        let address = |text: &str| ClientAddress::parse(text).unwrap();
        let keys = [
            RateKey::LoginFrom { account: "a".into(), address: address("192.0.2.1") },
            RateKey::LoginFrom { account: "192.0.2.1:a".into(), address: address("192.0.2.1") },
            RateKey::LoginFrom { account: "a".into(), address: address("2001:db8::/64") },
            RateKey::LoginByStrangers { account: "a".into() },
            RateKey::LoginByStrangers { account: "192.0.2.1:a".into() },
        ];
        let written: std::collections::HashSet<_> = keys.iter().map(ToString::to_string).collect();
        assert_eq!(written.len(), keys.len());
    }
}
