//! The time zone of a user: where their day begins.
//!
//! ```
//! use contacts_domain::{Timestamp, time_zone::TimeZone};
//!
//! let now: Timestamp = "2026-12-31T23:30:00Z".parse()?;
//! assert_eq!(TimeZone::parse("Europe/Warsaw")?.today(now).to_string(), "2027-01-01");
//! assert_eq!(TimeZone::UTC.today(now).to_string(), "2026-12-31");
//!
//! assert_eq!(TimeZone::parse("Europe/Kiev")?.name(), "Europe/Kiev");
//! assert!(TimeZone::parse("europe/warsaw").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use chrono::NaiveDate;

use crate::{
    Timestamp,
    validation::{Violation, ViolationCode},
};

/// A zone of the IANA time zone database, by its name (`Europe/Warsaw`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeZone(chrono_tz::Tz);

impl TimeZone {
    /// The zone of whoever named none.
    pub const UTC: Self = Self(chrono_tz::UTC);

    /// Takes a name as the database spells it, links such as `Europe/Kiev` included; the case matters. Offsets such as
    /// `+01:00` are no names.
    ///
    /// # Errors
    ///
    /// [`InvalidTimeZone`](ViolationCode::InvalidTimeZone) for every other text.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        name.parse().map(Self).map_err(|_| {
            Violation::new(ViolationCode::InvalidTimeZone, "This is not a name of the IANA time zone database.")
        })
    }

    /// As it was given: what was a link stays one.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The civil date in this zone at `now`.
    pub fn today(self, now: Timestamp) -> NaiveDate {
        now.with_timezone(&self.0).date_naive()
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self::UTC
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};

    use super::*;

    #[test]
    fn the_day_depends_on_the_zone() {
        let now = Utc.with_ymd_and_hms(2026, 12, 31, 23, 30, 0).unwrap();
        let day = |name| TimeZone::parse(name).unwrap().today(now).to_string();
        assert_eq!(day("UTC"), "2026-12-31");
        assert_eq!(day("Europe/Warsaw"), "2027-01-01");
        assert_eq!(day("America/New_York"), "2026-12-31");
        assert_eq!(day("Pacific/Kiritimati"), "2027-01-01");
    }

    #[test]
    fn unknown_names_are_refused() {
        for name in ["", "Mars/Olympus", "+01:00", "europe/warsaw\0"] {
            assert_eq!(TimeZone::parse(name).unwrap_err().code(), ViolationCode::InvalidTimeZone);
        }
    }
}
