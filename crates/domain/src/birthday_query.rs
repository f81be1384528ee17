//! Which birthdays a client asks for, from where on.

use chrono::{Datelike, NaiveDate};

use crate::{
    Timestamp,
    birthday_window::BirthdayWindow,
    cursor::{self, CursorScope, KeyKind, KeyValue, Position},
    page::PageLimit,
    sort::BIRTHDAY_KEYS,
    time_zone::TimeZone,
    user::User,
    validation::{ValidationErrors, Violation, ViolationCode},
};

/// Birthdays in a window, ready for a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BirthdayQuery {
    /// Which days, and the rule for the 29th of February.
    pub window: BirthdayWindow,
    /// From behind the contact in this place; from the first one where there is none.
    pub after: Option<Position>,
    /// Of this page, not of the whole list.
    pub limit: PageLimit,
}

/// The parameters of a birthday list as a client sends them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BirthdayListRequest {
    /// A whole number from 0 to 366; 7 where nothing is sent.
    pub days: Option<String>,
    /// A name of the IANA time zone database; the user's own zone where nothing is sent.
    pub tz: Option<String>,
    /// `YYYY-MM-DD` instead of today. With a cursor, the day on which paging began counts.
    pub from: Option<String>,
    /// As [`PageLimit`] reads it.
    pub limit: Option<String>,
    /// The `next_cursor` of the page before, with the same parameters besides.
    pub cursor: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

/// A birthday list, understood.
#[derive(Debug)]
pub struct BirthdayList {
    /// What a repository is asked.
    pub query: BirthdayQuery,
    /// Where "today" was looked up, which the answer names.
    pub time_zone: TimeZone,
    scope: CursorScope,
}

impl BirthdayList {
    /// The cursor of the page after `position`. It carries the window's first day, so that paging
    /// over midnight stays in the window in which it began.
    pub fn cursor(&self, position: Position) -> String {
        let Position { keys, id } = position;
        let from = KeyValue::Integer(self.query.window.from().num_days_from_ce().into());
        let keys = std::iter::once(from).chain(keys).collect();
        cursor::encode(self.scope.clone(), &Position { keys, id })
    }
}

impl BirthdayListRequest {
    /// What `user` asks for at `now`, or everything that is wrong with it.
    pub fn validate(self, user: &User, now: Timestamp) -> Result<BirthdayList, ValidationErrors> {
        let Self { days, tz, from, limit, cursor, mut errors } = self;
        let days = errors.parse("days", days, |text| window_days(&text)).unwrap_or(BirthdayWindow::DEFAULT_DAYS);
        let time_zone = errors.parse("tz", tz, |text| TimeZone::parse(&text)).unwrap_or(user.time_zone);
        let from = errors.parse("from", from, |text| civil_date(&text));
        let limit = errors.parse("limit", limit, |text| PageLimit::parse(&text)).unwrap_or_default();
        let scope = CursorScope::new("birthdays")
            .with(&user.id.to_string())
            .with(&days.to_string())
            .with(time_zone.name())
            .with(user.leap_day_rule.as_str())
            .with_option(from.map(|date| date.to_string()).as_deref());
        let resumed = errors.parse("cursor", cursor, |text| resume(scope.clone(), &text));
        let (began, after) = resumed.unzip();
        let from = began.or(from).unwrap_or_else(|| time_zone.today(now));
        match BirthdayWindow::new(from, days, user.leap_day_rule) {
            Ok(window) => {
                errors.into_result(BirthdayList { query: BirthdayQuery { window, after, limit }, time_zone, scope })
            }
            Err(violation) => {
                // A cursor that was made here leads to a window that can be.
                errors.push(if began.is_some() { damaged().at("cursor") } else { violation.at("from") });
                Err(errors)
            }
        }
    }
}

/// The first day of the window in which paging began, and where the last page ended.
fn resume(scope: CursorScope, text: &str) -> Result<(NaiveDate, Position), Violation> {
    let kinds: Vec<KeyKind> =
        std::iter::once(KeyKind::Integer).chain(BIRTHDAY_KEYS.iter().map(|(key, _)| key.kind())).collect();
    let Position { mut keys, id } = cursor::decode(scope, &kinds, text)?;
    let began = match keys.remove(0) {
        KeyValue::Integer(days) => i32::try_from(days).ok().and_then(NaiveDate::from_num_days_from_ce_opt),
        KeyValue::Text(_) | KeyValue::Time(_) => None,
    };
    let began = began.ok_or_else(damaged)?;
    Ok((began, Position { keys, id }))
}

fn damaged() -> Violation {
    Violation::new(ViolationCode::InvalidCursor, "This cursor is damaged.")
}

fn window_days(text: &str) -> Result<u16, Violation> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .filter(|days| *days <= BirthdayWindow::MAX_DAYS)
        .ok_or_else(|| Violation::new(ViolationCode::OutOfRange, "A number of days from 0 to 366."))
}

fn civil_date(text: &str) -> Result<NaiveDate, Violation> {
    // The parser alone would take signs and single digits too.
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    shape
        .then(|| text.parse().ok())
        .flatten()
        .ok_or_else(|| Violation::new(ViolationCode::InvalidDate, "A date that exists: YYYY-MM-DD."))
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::user::tests::ada;

    #[test]
    fn the_window_begins_today_where_the_user_is() {
        let now = Utc.with_ymd_and_hms(2026, 12, 31, 23, 30, 0).unwrap();
        let mut user = ada();
        user.time_zone = TimeZone::parse("Europe/Warsaw").unwrap();
        let from = |request: BirthdayListRequest| request.validate(&user, now).unwrap().query.window.from().to_string();
        assert_eq!(from(BirthdayListRequest::default()), "2027-01-01");
        assert_eq!(from(BirthdayListRequest { tz: Some("UTC".into()), ..Default::default() }), "2026-12-31");
        assert_eq!(from(BirthdayListRequest { from: Some("2028-02-29".into()), ..Default::default() }), "2028-02-29");
    }

    #[test]
    fn paging_over_midnight_stays_in_the_window() {
        let user = ada();
        let now = Utc.with_ymd_and_hms(2026, 12, 30, 23, 59, 0).unwrap();
        let first = BirthdayListRequest::default().validate(&user, now).unwrap();
        let position = Position {
            keys: vec![KeyValue::Integer(1231), KeyValue::Text("m".into()), KeyValue::Text("h".into())],
            id: crate::ids::ContactId::new(Uuid::from_u128(2)),
        };
        let cursor = first.cursor(position.clone());
        let later = now + chrono::TimeDelta::minutes(5);
        let request = BirthdayListRequest { cursor: Some(cursor), ..Default::default() };
        let second = request.validate(&user, later).unwrap();
        assert_eq!(second.query.window, first.query.window);
        assert_eq!(second.query.after, Some(position));
    }

    #[test]
    fn the_parameters_of_birthdays_are_checked() {
        let user = ada();
        let request = BirthdayListRequest {
            days: Some("367".into()),
            tz: Some("Mars/Olympus".into()),
            from: Some("2026-02-30".into()),
            limit: Some("0".into()),
            cursor: Some("?".into()),
            ..Default::default()
        };
        let errors = request.validate(&user, Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap()).err().unwrap();
        let fields: Vec<_> = errors.iter().map(|error| error.field()).collect();
        assert_eq!(fields, ["days", "tz", "from", "limit", "cursor"]);
    }
}
