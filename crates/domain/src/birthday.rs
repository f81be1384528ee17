//! A birthday: a civil date whose year may be unknown.
//!
//! ```
//! use contacts_domain::birthday::Birthday;
//!
//! let whole = Birthday::parse("1815-12-10")?;
//! assert_eq!((whole.year(), whole.month_day().number()), (Some(1815), 1210));
//!
//! let partial = Birthday::parse("--02-29")?;
//! assert_eq!(partial.year(), None);
//! assert_eq!(partial.to_string(), "--02-29");
//!
//! assert!(Birthday::parse("1815-02-29").is_err(), "that year had no such day");
//! # Ok::<(), contacts_domain::validation::Violation>(())
//! ```

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::validation::{Violation, ViolationCode};

/// `YYYY-MM-DD`, or `--MM-DD` where the year is unknown (as in ISO 8601:2000 and vCard). Always a
/// day that exists; the years are 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birthday {
    year: Option<i16>,
    month_day: MonthDay,
}

/// A day of the year as one number: 229 is the 29th of February. Sorts as the calendar does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay(i16);

/// A leap year, in which every day that ever exists does.
const LEAP_YEAR: i32 = 2000;

impl MonthDay {
    /// The day that three years out of four lack.
    pub const LEAP_DAY: Self = Self(229);

    /// `None` for a day that no year has.
    pub fn new(month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(LEAP_YEAR, month, day).map(Self::of)
    }

    /// The day of a date.
    #[allow(clippy::cast_possible_truncation, reason = "a month and a day make 1231 at most")]
    pub fn of(date: NaiveDate) -> Self {
        Self((date.month() * 100 + date.day()) as i16)
    }

    /// `100 * month + day`.
    pub const fn number(self) -> i16 {
        self.0
    }

    /// 1 to 12.
    pub const fn month(self) -> u32 {
        self.0.unsigned_abs() as u32 / 100
    }

    /// 1 to 31.
    pub const fn day(self) -> u32 {
        self.0.unsigned_abs() as u32 % 100
    }
}

impl Birthday {
    /// Takes the two forms and nothing else: neither spaces nor signs, and each number with all of its digits. Whether
    /// the day is still to come is not judged here, for that depends on [who
    /// asks](crate::contact_draft::Circumstances).
    ///
    /// # Errors
    ///
    /// [`InvalidBirthday`](ViolationCode::InvalidBirthday) for any other text, and for a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let invalid = || {
            Violation::new(
                ViolationCode::InvalidBirthday,
                "A birthday is a date that exists: YYYY-MM-DD, or --MM-DD without the year.",
            )
        };
        let (year, rest) = match text.strip_prefix("--") {
            Some(rest) => (None, rest),
            None => {
                let (year, rest) = text.split_once('-').ok_or_else(invalid)?;
                (Some(digits(year, 4).filter(|year| *year > 0).ok_or_else(invalid)?), rest)
            }
        };
        let (month, day) = rest.split_once('-').ok_or_else(invalid)?;
        let (month, day) = (digits(month, 2).ok_or_else(invalid)?, digits(day, 2).ok_or_else(invalid)?);
        Self::new(year, MonthDay::new(month.into(), day.into()).ok_or_else(invalid)?).ok_or_else(invalid)
    }

    /// `None` for the 29th of February of a year that has none, or a year outside 1 to 9999.
    pub fn new(year: Option<u16>, month_day: MonthDay) -> Option<Self> {
        let year = match year {
            Some(year @ 1..=9999) => {
                NaiveDate::from_ymd_opt(i32::from(year), month_day.month(), month_day.day())?;
                Some(i16::try_from(year).ok()?)
            }
            Some(_) => return None,
            None => None,
        };
        Some(Self { year, month_day })
    }

    /// For adapters: takes back [`year`](Self::year) and [`MonthDay::number`] as they were stored.
    /// `None` where they are no date.
    pub fn from_stored(year: Option<i16>, month_day: i16) -> Option<Self> {
        let number = u32::try_from(month_day).ok()?;
        let year = year.map(u16::try_from).transpose().ok()?;
        Self::new(year, MonthDay::new(number / 100, number % 100)?)
    }

    /// 1 to 9999; `None` where it is not known.
    pub const fn year(self) -> Option<i16> {
        self.year
    }

    /// As it was given: a 29th of February is one in every year.
    pub const fn month_day(self) -> MonthDay {
        self.month_day
    }

    /// Whether this day is still to come. Without a year it never is.
    pub fn is_after(self, today: NaiveDate) -> bool {
        self.year.is_some_and(|year| (i32::from(year), self.month_day) > (today.year(), MonthDay::of(today)))
    }
}

impl fmt::Display for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-")?,
            None => f.write_str("--")?,
        }
        write!(f, "{:02}-{:02}", self.month_day.month(), self.month_day.day())
    }
}

fn digits(text: &str, count: usize) -> Option<u16> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn with_and_without_a_year() {
        for text in ["1815-12-10", "--12-10", "--02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(Birthday::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "",
            "--",
            "-",
            "2001-02-30",
            "--02-30",
            "2001-02-29",
            "1900-02-29",
            "2001-13-01",
            "2001-00-10",
            "--04-31",
            "0000-01-01",
            "10000-01-01",
            "2001-1-1",
            "20010101",
            "2001-01-01T00:00:00Z",
            "---01",
            "+001-01-01",
            " 2001-01-01",
            "２００１-01-01",
        ] {
            assert_eq!(Birthday::parse(text).unwrap_err().code(), ViolationCode::InvalidBirthday, "{text}");
        }
    }

    #[test]
    fn today_is_not_the_future_and_tomorrow_is() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let future = |text| Birthday::parse(text).unwrap().is_after(today);
        assert!(!future("2026-11-22"));
        assert!(future("2026-11-23"));
        assert!(future("2027-01-01"));
        assert!(!future("2025-12-31"));
        assert!(!future("--12-31"));
    }

    proptest! {
        #[test]
        fn every_date_round_trips_through_text_and_storage(days in 1_i32..3_652_059) {
            let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            let birthday = Birthday::parse(&date.to_string()).unwrap();
            prop_assert_eq!(birthday.to_string(), date.to_string());
            prop_assert_eq!(Birthday::from_stored(birthday.year(), birthday.month_day().number()), Some(birthday));
        }
    }
}
