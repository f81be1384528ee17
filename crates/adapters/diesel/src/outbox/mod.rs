//! Mails to be sent: how they are stored, found due and held.

mod reader;
mod repository;
mod row;
mod skip_locked;

/// The mails that nobody holds and that are due, none of them given up. A macro, for the type of a query has
/// no short name.
macro_rules! claimable_mails {
    ($now:expr) => {{
        let now = $now.naive_utc();
        outbox::table
            .filter(outbox::buried_at.is_null())
            .filter(outbox::due_at.le(now))
            .filter(outbox::leased_until.is_null().or(outbox::leased_until.le(now)))
    }};
}
use claimable_mails;
