//! Which birthdays are near.
//!
//! The next seven days over New Year's Eve:
//!
//! ```
//! use contacts_domain::{
//!     birthday::Birthday,
//!     birthday_window::{BirthdayWindow, LeapDayRule},
//! };
//!
//! let window = BirthdayWindow::new("2026-12-28".parse()?, 7, LeapDayRule::Feb28)?;
//! assert_eq!(window.through().to_string(), "2027-01-04");
//!
//! let near = window.occurrence(Birthday::parse("1943-01-04")?).ok_or("the last day is included")?;
//! assert_eq!((near.date.to_string(), near.days_until, near.turning), ("2027-01-04".into(), 7, Some(84)));
//!
//! // Without a year nobody knows the age.
//! let partial = window.occurrence(Birthday::parse("--12-28")?).ok_or("the first day is included")?;
//! assert_eq!((partial.days_until, partial.turning), (0, None));
//!
//! assert_eq!(window.occurrence(Birthday::parse("--01-05")?), None);
//!
//! // A 29th of February is celebrated in every year.
//! let february = BirthdayWindow::new("2027-02-27".parse()?, 1, LeapDayRule::Feb28)?;
//! let leap_day = february.occurrence(Birthday::parse("2000-02-29")?).ok_or("on the 28th")?;
//! assert_eq!((leap_day.date.to_string(), leap_day.turning), ("2027-02-28".into(), Some(27)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};

use crate::{
    birthday::{Birthday, MonthDay},
    validation::{Violation, ViolationCode},
};

/// When somebody born on the 29th of February celebrates in a year that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LeapDayRule {
    /// On the 28th of February.
    #[default]
    Feb28,
    /// On the 1st of March.
    Mar1,
}

impl LeapDayRule {
    /// Each rule once, the default first.
    pub const ALL: [Self; 2] = [Self::Feb28, Self::Mar1];

    /// How it is stored and shown. These texts never change.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feb28 => "feb28",
            Self::Mar1 => "mar1",
        }
    }

    /// Reads what [`as_str`](Self::as_str) wrote.
    ///
    /// # Errors
    ///
    /// [`InvalidLeapDayRule`](ViolationCode::InvalidLeapDayRule) for every other text.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text).ok_or_else(|| {
            Violation::new(ViolationCode::InvalidLeapDayRule, "The leap day rules are `feb28` and `mar1`.")
        })
    }
}

/// The days from `from` to `through`, both included; at most a year and a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BirthdayWindow {
    from: NaiveDate,
    through: NaiveDate,
    leap_day_rule: LeapDayRule,
}

/// One birthday's next celebration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The day of the celebration, which for a 29th of February may be another one.
    pub date: NaiveDate,
    /// Days from the window's first day.
    pub days_until: u16,
    /// The age reached that day; `None` without a year, or where the day lies before the birth.
    pub turning: Option<u16>,
}

/// Added to the rank of what is celebrated in the year after the window's first day.
const NEXT_YEAR: i16 = 10_000;

impl BirthdayWindow {
    /// In days behind the first. A leap year has as many, so that nobody's birthday is missed in it.
    pub const MAX_DAYS: u16 = 366;
    /// In days behind the first, so that the same weekday a week ahead is in.
    pub const DEFAULT_DAYS: u16 = 7;

    /// Refuses more than [`MAX_DAYS`](Self::MAX_DAYS) days and windows that leave the years 1 to 9998.
    pub fn new(from: NaiveDate, days: u16, leap_day_rule: LeapDayRule) -> Result<Self, Violation> {
        let out_of_range = |message: &str| Violation::new(ViolationCode::OutOfRange, message);
        if days > Self::MAX_DAYS {
            return Err(out_of_range("The window is at most 366 days long."));
        }
        // One year more than the window, so that every next occurrence is a date too.
        let last = from.checked_add_days(Days::new(u64::from(days)));
        match last.filter(|last| from.year() >= 1 && last.year() <= 9998) {
            Some(through) => Ok(Self { from, through, leap_day_rule }),
            None => Err(out_of_range("The window must lie within the years 1 to 9998.")),
        }
    }

    /// The first day, included.
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The last day, included.
    pub const fn through(&self) -> NaiveDate {
        self.through
    }

    /// By which a 29th of February is celebrated in a year without one.
    pub const fn leap_day_rule(&self) -> LeapDayRule {
        self.leap_day_rule
    }

    /// How many days after the first it ends.
    pub fn days(&self) -> u16 {
        self.through.signed_duration_since(self.from).num_days().try_into().unwrap_or(Self::MAX_DAYS)
    }

    /// The first celebration on or after the window's first day, if it lies in the window.
    pub fn occurrence(&self, birthday: Birthday) -> Option<Occurrence> {
        let date = self.next_date(birthday.month_day());
        if date > self.through {
            return None;
        }
        Some(Occurrence {
            date,
            days_until: u16::try_from((date - self.from).num_days()).ok()?,
            turning: birthday.year().and_then(|year| u16::try_from(date.year() - i32::from(year)).ok()),
        })
    }

    fn next_date(&self, day: MonthDay) -> NaiveDate {
        let this_year = self.celebration(day, self.from.year());
        if this_year >= self.from { this_year } else { self.celebration(day, self.from.year() + 1) }
    }

    fn celebration(&self, day: MonthDay, year: i32) -> NaiveDate {
        let (month, day_of_month) = match self.leap_day_rule {
            _ if NaiveDate::from_ymd_opt(year, day.month(), day.day()).is_some() => (day.month(), day.day()),
            LeapDayRule::Feb28 => (2, 28),
            LeapDayRule::Mar1 => (3, 1),
        };
        // A month and a day that exist; the year is within chrono's range by the constructor.
        NaiveDate::from_ymd_opt(year, month, day_of_month).unwrap_or(NaiveDate::MAX)
    }

    /// The stored month-days whose next occurrence lies in the window: ranges for an index, exact.
    /// They do not overlap.
    pub fn month_days(&self) -> Vec<RangeInclusive<i16>> {
        let (first, last) = (MonthDay::of(self.from).number(), MonthDay::of(self.through).number());
        // The next celebration is never further away than this.
        let whole_year = (self.through - self.from).num_days() >= 365;
        let mut ranges = if whole_year {
            vec![101..=1231]
        } else if self.from.year() == self.through.year() {
            vec![first..=last]
        } else {
            vec![first..=1231, 101..=last]
        };
        let leap_day = MonthDay::LEAP_DAY.number();
        let leap_day_is_in = self.next_date(MonthDay::LEAP_DAY) <= self.through;
        if leap_day_is_in && !ranges.iter().any(|range| range.contains(&leap_day)) {
            ranges.push(leap_day..=leap_day);
        }
        ranges
    }

    /// How stored month-days sort by their next occurrence.
    pub fn ranking(&self) -> DayRanking {
        let celebrated = self.next_date(MonthDay::LEAP_DAY);
        let next_year = if celebrated.year() > self.from.year() { NEXT_YEAR } else { 0 };
        DayRanking { first: MonthDay::of(self.from).number(), leap_day: MonthDay::of(celebrated).number() + next_year }
    }
}

/// Orders month-days by their next occurrence: the same number for the same date, a greater one for
/// a later date. Simple enough to be computed by a database:
///
/// `CASE WHEN d = 229 THEN leap_day WHEN d < first THEN d + 10000 ELSE d END`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRanking {
    /// The month-day of the window's first day.
    pub first: i16,
    /// The rank of the 29th of February, wherever it is celebrated.
    pub leap_day: i16,
}

impl DayRanking {
    /// From 101 to 11230, for comparing alone: it is no date.
    pub const fn rank(&self, day: MonthDay) -> i16 {
        match day.number() {
            229 => self.leap_day,
            number if number < self.first => number + NEXT_YEAR,
            number => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn next(birthday: &str, from: &str, days: u16, rule: LeapDayRule) -> Option<(String, u16, Option<u16>)> {
        BirthdayWindow::new(date(from), days, rule)
            .unwrap()
            .occurrence(Birthday::parse(birthday).unwrap())
            .map(|o| (o.date.to_string(), o.days_until, o.turning))
    }

    #[test]
    fn both_ends_are_included() {
        let rule = LeapDayRule::Feb28;
        assert_eq!(next("1990-11-22", "2026-11-22", 7, rule), Some(("2026-11-22".into(), 0, Some(36))));
        assert_eq!(next("1990-11-29", "2026-11-22", 7, rule), Some(("2026-11-29".into(), 7, Some(36))));
        assert_eq!(next("1990-11-30", "2026-11-22", 7, rule), None);
        assert_eq!(next("1990-11-21", "2026-11-22", 7, rule), None);
    }

    #[test]
    fn over_new_years_eve() {
        assert_eq!(next("--01-02", "2026-12-30", 7, LeapDayRule::Feb28), Some(("2027-01-02".into(), 3, None)),);
    }

    #[test]
    fn a_leap_day_without_its_date_falls_where_the_rule_says() {
        assert_eq!(next("1792-02-29", "2027-02-25", 7, LeapDayRule::Feb28), Some(("2027-02-28".into(), 3, Some(235))),);
        assert_eq!(next("1792-02-29", "2027-02-25", 7, LeapDayRule::Mar1), Some(("2027-03-01".into(), 4, Some(235))),);
        for rule in LeapDayRule::ALL {
            assert_eq!(next("1792-02-29", "2028-02-25", 7, rule), Some(("2028-02-29".into(), 4, Some(236))));
        }
        assert_eq!(next("1792-02-29", "2027-03-01", 7, LeapDayRule::Feb28), None);
    }

    #[test]
    fn nobody_turns_a_negative_age() {
        assert_eq!(next("2000-05-02", "1990-05-01", 7, LeapDayRule::Feb28), Some(("1990-05-02".into(), 1, None)),);
    }

    #[test]
    fn windows_are_bounded() {
        let rule = LeapDayRule::Feb28;
        assert_eq!(BirthdayWindow::new(date("2026-01-01"), 367, rule).unwrap_err().code(), ViolationCode::OutOfRange);
        assert_eq!(BirthdayWindow::new(date("9999-01-01"), 1, rule).unwrap_err().code(), ViolationCode::OutOfRange);
        assert_eq!(BirthdayWindow::new(date("0000-01-01"), 1, rule).unwrap_err().code(), ViolationCode::OutOfRange);
        assert!(BirthdayWindow::new(date("0001-01-01"), 366, rule).is_ok());
    }

    fn every_month_day() -> impl Iterator<Item = MonthDay> {
        (1..=12).flat_map(|month| (1..=31).filter_map(move |day| MonthDay::new(month, day)))
    }

    /// The slow, obvious way: walk day by day and ask whether it is celebrated then.
    fn walk(window: &BirthdayWindow, day: MonthDay) -> Option<NaiveDate> {
        window.from().iter_days().take_while(|date| *date <= window.through()).find(|date| {
            let leap_year = NaiveDate::from_ymd_opt(date.year(), 2, 29).is_some();
            match (day == MonthDay::LEAP_DAY && !leap_year, window.leap_day_rule()) {
                (false, _) => MonthDay::of(*date) == day,
                (true, LeapDayRule::Feb28) => MonthDay::of(*date).number() == 228,
                (true, LeapDayRule::Mar1) => MonthDay::of(*date).number() == 301,
            }
        })
    }

    fn assert_ranges_are_exact(window: &BirthdayWindow, days: &[MonthDay]) {
        let ranges = window.month_days();
        for day in days {
            let inside = ranges.iter().filter(|range| range.contains(&day.number())).count();
            let celebrated = window.occurrence(Birthday::new(None, *day).unwrap()).is_some();
            assert_eq!(inside, usize::from(celebrated), "{window:?} {day:?} {ranges:?}");
        }
    }

    /// Every birthday against every "today" of a leap cycle, both rules.
    #[test]
    fn every_birthday_and_every_today_of_a_leap_cycle() {
        let days_of_all: Vec<_> = every_month_day().collect();
        assert_eq!(days_of_all.len(), 366);
        for rule in LeapDayRule::ALL {
            for from in date("2027-01-01").iter_days().take(4 * 365 + 1) {
                let year = BirthdayWindow::new(from, 366, rule).unwrap();
                let week = BirthdayWindow::new(from, 7, rule).unwrap();
                let ranking = year.ranking();
                for days in [364, 365, 366] {
                    let window = BirthdayWindow::new(from, days, rule).unwrap();
                    assert_ranges_are_exact(&window, &days_of_all);
                }
                let mut ranked = Vec::new();
                for &day in &days_of_all {
                    let birthday = Birthday::new(None, day).unwrap();
                    let occurrence = year.occurrence(birthday).expect("a year holds every birthday");
                    assert!(occurrence.days_until < 366);
                    assert_eq!(week.occurrence(birthday).map(|o| o.date), walk(&week, day), "{from} {day:?} {rule:?}");
                    ranked.push((ranking.rank(day), occurrence.date));
                }
                ranked.sort_unstable();
                assert!(
                    ranked
                        .windows(2)
                        .all(|pair| (pair[0].0 == pair[1].0) == (pair[0].1 == pair[1].1) && pair[0].1 <= pair[1].1),
                    "ranks are dates in order: {from} {rule:?}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn ranges_hold_exactly_the_birthdays_of_the_window(
            start in 0_u64..1461,
            days in 0_u16..=366,
            mar1 in any::<bool>(),
        ) {
            let rule = if mar1 { LeapDayRule::Mar1 } else { LeapDayRule::Feb28 };
            let from = date("2027-01-01") + Days::new(start);
            let window = BirthdayWindow::new(from, days, rule).unwrap();
            assert_ranges_are_exact(&window, &every_month_day().collect::<Vec<_>>());
            for day in every_month_day() {
                let occurrence = window.occurrence(Birthday::new(None, day).unwrap());
                prop_assert_eq!(occurrence.map(|o| o.date), walk(&window, day));
            }
        }
    }
}
