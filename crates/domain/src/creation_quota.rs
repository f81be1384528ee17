//! How many contacts a user may create, however many are deleted meanwhile.
//!
//! ```
//! use std::time::Duration;
//!
//! use contacts_domain::{
//!     Timestamp,
//!     creation_quota::{CreationQuota, Creations, Exceeded},
//! };
//!
//! let quota = CreationQuota::new(10, Duration::from_secs(3600));
//! let eight = Creations { last: 8, count: 8, at: "2026-11-22T07:00:00Z".parse()? };
//! let three = Creations { last: 11, count: 3, at: "2026-11-22T07:30:00Z".parse()? };
//!
//! // The 11th is allowed once the 1st is an hour ago, which is among the eight.
//! assert_eq!(quota.deciding(&three), Some(1));
//! let free_at: Timestamp = "2026-11-22T08:00:00Z".parse()?;
//! assert_eq!(quota.judge(&three, Some(&eight)), Err(Exceeded::Until(free_at)));
//! assert_eq!(quota.judge(&Creations { at: free_at, ..three }, Some(&eight)), Ok(()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::Duration;

use chrono::TimeDelta;

use crate::Timestamp;

/// At most `limit` creations in any window of this length.
///
/// Creations of a user are numbered from 1 under the lock of their address book. The one with number
/// `n` is within the quota where the one with number `n - limit` is a window ago: one look at the ledger
/// decides, however large the limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreationQuota {
    limit: u32,
    window: Duration,
}

/// A line of the ledger: creations that happened together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creations {
    /// The number of the last of them.
    pub last: i64,
    /// How many there were.
    pub count: u32,
    /// When they happened; one instant for all of them.
    pub at: Timestamp,
}

impl Creations {
    /// Whether the creation of this number is one of them.
    pub fn contain(&self, number: i64) -> bool {
        number <= self.last && number > self.last - i64::from(self.count)
    }
}

/// The quota is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// As many as were asked for are possible from this time on.
    Until(Timestamp),
    /// So many at once never are.
    TooManyAtOnce {
        /// The most that a window ever allows.
        limit: u32,
    },
}

impl CreationQuota {
    /// Takes any numbers. A limit of 0 forbids every creation, a window of zero length forbids none but those of more
    /// than `limit` at once.
    pub const fn new(limit: u32, window: Duration) -> Self {
        Self { limit, window }
    }

    /// The most creations in one window.
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// Its length. It slides: it does not begin at a full hour.
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// The number of the creation that must be a window ago for `creations` to be allowed. `None` where
    /// there have not been as many.
    pub fn deciding(&self, creations: &Creations) -> Option<i64> {
        Some(creations.last - i64::from(self.limit)).filter(|number| *number >= 1)
    }

    /// Judges creations by the line of the ledger that holds the deciding one. A line that is not there
    /// any more was a window ago.
    pub fn judge(&self, creations: &Creations, deciding: Option<&Creations>) -> Result<(), Exceeded> {
        if creations.count > self.limit {
            return Err(Exceeded::TooManyAtOnce { limit: self.limit });
        }
        let Some(deciding) = deciding else { return Ok(()) };
        match self.forgotten_at(deciding.at) {
            at if at <= creations.at => Ok(()),
            at => Err(Exceeded::Until(at)),
        }
    }

    /// When a creation at `at` no longer counts.
    fn forgotten_at(&self, at: Timestamp) -> Timestamp {
        TimeDelta::from_std(self.window)
            .ok()
            .and_then(|window| at.checked_add_signed(window))
            .unwrap_or(Timestamp::MAX_UTC)
    }

    /// Lines of the ledger older than this decide nothing any more.
    pub fn horizon(&self, now: Timestamp) -> Timestamp {
        TimeDelta::from_std(self.window)
            .ok()
            .and_then(|window| now.checked_sub_signed(window))
            .unwrap_or(Timestamp::MIN_UTC)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use proptest::prelude::*;

    use super::*;

    fn second(second: i64) -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap() + TimeDelta::seconds(second)
    }

    /// Creates at these seconds, so many at once, and says which were allowed; beside it, what a count of
    /// everything within the window says.
    fn run(quota: CreationQuota, requests: &[(i64, u32)]) -> (Vec<bool>, Vec<bool>) {
        let mut ledger: Vec<Creations> = Vec::new();
        let (mut judged, mut counted) = (vec![], vec![]);
        for &(at, count) in requests {
            let total = ledger.last().map_or(0, |line| line.last);
            let wanted = Creations { last: total + i64::from(count), count, at: second(at) };
            let deciding = quota.deciding(&wanted).and_then(|number| ledger.iter().find(|line| line.contain(number)));
            let allowed = quota.judge(&wanted, deciding).is_ok();
            let begin = quota.horizon(second(at));
            let within: u32 = ledger.iter().filter(|line| line.at > begin).map(|line| line.count).sum();
            counted.push(within + count <= quota.limit());
            judged.push(allowed);
            if allowed {
                ledger.push(wanted);
            }
        }
        (judged, counted)
    }

    proptest! {
        #[test]
        fn one_look_decides_as_a_count_would(
            limit in 1_u32..8,
            window in 1_u64..20,
            steps in proptest::collection::vec((0_i64..10, 1_u32..10), 0..60),
        ) {
            let mut at = 0;
            let requests: Vec<_> = steps.into_iter().map(|(step, count)| { at += step; (at, count) }).collect();
            let (judged, counted) = run(CreationQuota::new(limit, Duration::from_secs(window)), &requests);
            prop_assert_eq!(judged, counted);
        }
    }

    #[test]
    fn the_refusal_says_when() {
        let quota = CreationQuota::new(2, Duration::from_secs(60));
        let third = Creations { last: 3, count: 1, at: second(59) };
        let first = Creations { last: 1, count: 1, at: second(0) };
        assert_eq!(quota.deciding(&third), Some(1));
        assert_eq!(quota.judge(&third, Some(&first)), Err(Exceeded::Until(second(60))));
        assert_eq!(quota.judge(&Creations { at: second(60), ..third }, Some(&first)), Ok(()));
        let many = Creations { last: 3, count: 3, at: second(0) };
        assert_eq!(quota.judge(&many, None), Err(Exceeded::TooManyAtOnce { limit: 2 }));
    }
}
