//! What a clock promises.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::sync::Arc;

use contacts_domain::ports::Clock;

/// Runs every case against a clock that the argument makes: an async function without arguments that
/// returns `Subject<Arc<dyn Clock>>`.
#[macro_export]
macro_rules! clock_suite {
    ($fresh:expr) => {
        $crate::__cases!($fresh, clock, [the_time_has_whole_microseconds, the_time_is_a_plausible_one]);
    };
}

pub async fn the_time_has_whole_microseconds(clock: Arc<dyn Clock>) {
    for _ in 0..10_000 {
        let now = clock.now();
        assert_eq!(now.timestamp_subsec_nanos() % 1_000, 0, "{now}");
    }
}

pub async fn the_time_is_a_plausible_one(clock: Arc<dyn Clock>) {
    let text = clock.now().to_rfc3339();
    assert!(("2025".."2200").contains(&&text[..4]), "{text}");
}
