//! Which versions are not to be believed any more.

use std::time::Duration;

use contacts_domain::{ids::UserId, session::CachedUser};
use moka::sync::Cache;

/// Longer than what was read before the change may be believed ([`CachedUser::MAX_AGE`]), with room for
/// clocks that differ: whatever a minimum still had to hide is too old by then.
const TIME_TO_LIVE: Duration = Duration::from_secs(60);

/// The least version to be believed, by user. Clones are the same minimums.
#[derive(Clone)]
pub(super) struct Minimums {
    /// Bounded by time alone: to drop one early would bring back what it hides. Each costs some hundred
    /// bytes for a minute, and whoever causes it a read or a change in the database.
    by_user: Cache<UserId, i64>,
}

impl Minimums {
    pub(super) fn new() -> Self {
        Self { by_user: Cache::builder().time_to_live(TIME_TO_LIVE).build() }
    }

    /// A minimum never falls. To hear of it again prolongs it.
    pub(super) fn raise(&self, user: UserId, minimum: i64) {
        let highest =
            |known: Option<moka::Entry<UserId, i64>>| known.map_or(minimum, |known| minimum.max(*known.value()));
        // Nobody else computes the same minimum meanwhile.
        self.by_user.entry(user).and_upsert_with(highest);
    }

    /// Whether an entry may be believed.
    pub(super) fn admit(&self, entry: &CachedUser) -> bool {
        let user = &entry.current.user;
        self.by_user.get(&user.id).is_none_or(|minimum| user.version >= minimum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_outlives_what_it_hides() {
        let policy = Minimums::new().by_user.policy();
        assert!(policy.time_to_live().unwrap() > CachedUser::MAX_AGE);
        assert_eq!(policy.max_capacity(), None);
    }
}
