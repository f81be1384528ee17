use chrono::{SubsecRound, Utc};
use contacts_domain::{Timestamp, ports::Clock};

/// The clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port's own implementation")]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }
}
