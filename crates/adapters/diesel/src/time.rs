//! Times: `timestamp` in PostgreSQL, text in SQLite.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    pg::{Pg, PgValue},
    sql_types::Timestamp,
    sqlite::Sqlite,
};

/// A time on its way from a database, in UTC. What Diesel does to read one from a text takes longer than to read all else of
/// a contact.
#[derive(Clone, Copy, Debug, FromSqlRow)]
#[diesel(sql_type = Timestamp)]
pub(crate) struct Time(pub(crate) NaiveDateTime);

impl FromSql<Timestamp, Pg> for Time {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Pg>>::from_sql(value).map(Self)
    }
}

impl FromSql<Timestamp, Sqlite> for Time {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        match plain(value.read_text().as_bytes()) {
            Some(time) => Ok(Self(time)),
            None => <NaiveDateTime as FromSql<Timestamp, Sqlite>>::from_sql(value).map(Self),
        }
    }
}

/// `YYYY-MM-DD HH:MM:SS`, and a fraction where there is one: as Diesel writes times of our millennia.
fn plain(text: &[u8]) -> Option<NaiveDateTime> {
    let (time, fraction) = text.split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| time[*at] != *mark) {
        return None;
    }
    let date =
        NaiveDate::from_ymd_opt(number(&time[..4])?.try_into().ok()?, number(&time[5..7])?, number(&time[8..10])?)?;
    let nanoseconds = match fraction.split_first() {
        None => 0,
        Some((b'.', digits @ ([_, _, _] | [_, _, _, _, _, _]))) => {
            number(digits)? * if digits.len() == 3 { 1_000_000 } else { 1_000 }
        }
        Some(_) => return None,
    };
    date.and_hms_nano_opt(number(&time[11..13])?, number(&time[14..16])?, number(&time[17..])?, nanoseconds)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in [
            "2026-11-23 06:12:08.428865",
            "2000-02-29 00:00:00",
            "1999-12-31 23:59:59.999",
            "0001-01-01 00:00:00.000001",
        ] {
            assert_eq!(plain(text.as_bytes()).unwrap(), NaiveDateTime::parse_from_str(text, "%F %T%.f").unwrap());
        }
    }

    #[test]
    fn what_is_written_in_another_way_is_left_to_the_library() {
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T06:12:08",
            "2026-11-23 06:12:08.4",
            "2026-13-23 06:12:08",
            "2026-11-23 06:12:0x",
        ] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
        }
    }
}
