//! Sessions: what begins with a login, is kept up by refreshing, and ends with a logout.

use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    Timestamp,
    caller::{ClientAddress, UserAgent},
    ids::{SessionId, UserId},
    user::User,
};

/// For how long the refresh token before the current one still gives the current one: an answer may be
/// lost on its way, and two tabs may refresh at once.
pub const GRACE: Duration = Duration::from_secs(10);

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Every token of the session names it.
    pub id: SessionId,
    /// Who logged in.
    pub user: UserId,
    /// What the client called itself at the login; `None` where it did not.
    pub user_agent: Option<UserAgent>,
    /// Where the login came from.
    pub address: ClientAddress,
    /// When the login was.
    pub created_at: Timestamp,
    /// When it was refreshed last; else when it began.
    pub last_used_at: Timestamp,
    /// Which refresh token counts: 0 is the one of the login, each rotation makes the next.
    pub counter: i64,
    /// When it ends unless it is refreshed.
    pub expires_at: Timestamp,
    /// When it ends in any case.
    pub ends_at: Timestamp,
    /// When it was ended before its time; `None` while nobody did.
    pub revoked_at: Option<Timestamp>,
}

/// What becomes of a session whose refresh token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshing {
    /// It is the current one: the next is made.
    Rotate,
    /// It is the one before, a moment later: the current one is given again.
    Repeat,
    /// It was used before: somebody else has it, too (RFC 9700 section 4.14.2).
    Reuse,
    /// The session has ended.
    Ended,
}

impl Session {
    /// Judges a refresh token by its counter.
    pub fn judge(&self, counter: i64, now: Timestamp) -> Refreshing {
        if self.revoked_at.is_some() || self.expires_at <= now {
            return Refreshing::Ended;
        }
        if counter == self.counter {
            return Refreshing::Rotate;
        }
        let is_before = self.counter.checked_sub(counter) == Some(1);
        // Clocks of two replicas may differ: a rotation "in the future" happened a moment ago.
        let is_fresh = now.signed_duration_since(self.last_used_at).to_std().unwrap_or_default() <= GRACE;
        if is_before && is_fresh { Refreshing::Repeat } else { Refreshing::Reuse }
    }
}

/// How long sessions and their tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// Of an access token.
    pub access: Duration,
    /// Of a session that is not refreshed.
    pub idle: Duration,
    /// Of a session, whatever happens.
    pub absolute: Duration,
}

impl SessionLifetimes {
    /// When a session ends that is refreshed now, and ends in any case at `ends_at`.
    pub fn expiry(&self, now: Timestamp, ends_at: Timestamp) -> Timestamp {
        later(now, self.idle).min(ends_at)
    }

    /// When a session ends in any case that begins now.
    pub fn end(&self, now: Timestamp) -> Timestamp {
        later(now, self.absolute)
    }

    /// When an access token expires that is issued now, in a session that ends at `ends_at`.
    pub fn access_expiry(&self, now: Timestamp, ends_at: Timestamp) -> Timestamp {
        later(now, self.access).min(ends_at)
    }
}

/// The end of the calendar is late enough for everything.
fn later(now: Timestamp, lifetime: Duration) -> Timestamp {
    TimeDelta::from_std(lifetime).ok().and_then(|delta| now.checked_add_signed(delta)).unwrap_or(Timestamp::MAX_UTC)
}

/// A user in one of their sessions, both alive when they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentUser {
    /// As they were when the session was looked up.
    pub user: User,
    /// The one that the request came in.
    pub session: SessionId,
}

/// A [`CurrentUser`] that was read a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedUser {
    /// As it was read from the database.
    pub current: CurrentUser,
    /// Taken before it was read: it is at least as fresh as this.
    pub read_at: Timestamp,
}

impl CachedUser {
    /// How long what was read may be believed, wherever it was kept in between.
    pub const MAX_AGE: Duration = Duration::from_secs(30);

    /// By clocks that may differ: what was read "in the future" is not believed for longer either.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.signed_duration_since(self.read_at).abs().to_std().unwrap_or(Duration::MAX) < Self::MAX_AGE
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use chrono::{TimeZone as _, Utc};
    use uuid::Uuid;

    use super::*;

    fn noon() -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap()
    }

    fn seconds(seconds: i64) -> Timestamp {
        noon() + TimeDelta::seconds(seconds)
    }

    /// Refreshed twice, the last time at noon.
    fn session() -> Session {
        Session {
            id: SessionId::new(Uuid::from_u128(1)),
            user: UserId::new(Uuid::from_u128(2)),
            user_agent: None,
            address: ClientAddress::new(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            created_at: seconds(-1000),
            last_used_at: noon(),
            counter: 2,
            expires_at: seconds(100),
            ends_at: seconds(1000),
            revoked_at: None,
        }
    }

    #[test]
    fn the_current_token_rotates_until_the_session_expires() {
        assert_eq!(session().judge(2, noon()), Refreshing::Rotate);
        assert_eq!(session().judge(2, seconds(99)), Refreshing::Rotate);
        assert_eq!(session().judge(2, seconds(100)), Refreshing::Ended);
    }

    #[test]
    fn the_one_before_is_repeated_for_ten_seconds() {
        for second in [-1, 0, 10] {
            assert_eq!(session().judge(1, seconds(second)), Refreshing::Repeat, "{second}");
        }
        assert_eq!(session().judge(1, seconds(10) + TimeDelta::microseconds(1)), Refreshing::Reuse);
    }

    #[test]
    fn anything_older_or_never_made_is_reuse() {
        for counter in [0, -1, 3, i64::MIN, i64::MAX] {
            assert_eq!(session().judge(counter, noon()), Refreshing::Reuse, "{counter}");
        }
    }

    #[test]
    fn nothing_revives_a_revoked_session() {
        let revoked = Session { revoked_at: Some(noon()), ..session() };
        for counter in 0..4 {
            assert_eq!(revoked.judge(counter, noon()), Refreshing::Ended);
        }
    }

    #[test]
    fn no_lifetime_outlives_the_session() {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        let lifetimes = SessionLifetimes { access: hours(1), idle: hours(3), absolute: hours(5) };
        let end = lifetimes.end(noon());
        assert_eq!(end, seconds(5 * 3600));
        assert_eq!(lifetimes.expiry(noon(), end), seconds(3 * 3600));
        assert_eq!(lifetimes.expiry(seconds(4 * 3600), end), end);
        assert_eq!(lifetimes.access_expiry(seconds(4 * 3600 + 1), end), end);
        let endless = SessionLifetimes { absolute: Duration::MAX, ..lifetimes };
        assert_eq!(endless.end(noon()), Timestamp::MAX_UTC);
    }

    #[test]
    fn what_was_read_is_believed_for_30_seconds() {
        let current = CurrentUser { user: crate::user::tests::ada(), session: session().id };
        let cached = CachedUser { current, read_at: noon() };
        assert!(cached.is_fresh(seconds(-1)) && cached.is_fresh(seconds(29)));
        assert!(!cached.is_fresh(seconds(30)));
    }
}
