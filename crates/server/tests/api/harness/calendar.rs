//! Days.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};

/// A time zone in which it is about noon now: its date does not change while a test runs.
pub(crate) struct Midday {
    pub(crate) zone: String,
    pub(crate) today: NaiveDate,
}

impl Midday {
    pub(crate) fn now() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the server's own clock is what this test is about")]
        let now = DateTime::<Utc>::from(std::time::SystemTime::now());
        let hours_ahead = 12 - i64::from(now.hour());
        // The names of these zones count westward: Etc/GMT-5 is five hours ahead.
        let zone = if hours_ahead == 0 { "Etc/GMT".to_owned() } else { format!("Etc/GMT{:+}", -hours_ahead) };
        Self { zone, today: (now + TimeDelta::hours(hours_ahead)).date_naive() }
    }

    pub(crate) fn tomorrow(&self) -> NaiveDate {
        self.today + Days::new(1)
    }
}

/// The date of an answer's member.
pub(crate) fn date(member: &serde_json::Value) -> NaiveDate {
    member.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{member} is no date"))
}
