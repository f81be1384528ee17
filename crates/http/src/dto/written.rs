//! Ids and times as JSON writes them. A page holds hundreds: they are written into a few bytes of their own, not by way
//! of texts that are allocated.

use chrono::{Datelike, Timelike};
use contacts_domain::{Timestamp, birthday::Birthday};
use paperclip::v2::{models::DataType, schema::TypedData};
use serde::{Serialize, Serializer};
use uuid::{Uuid, fmt::Hyphenated};

/// A UUID (RFC 9562 section 4).
pub(crate) struct Id(pub(crate) Uuid);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]))
    }
}

/// RFC 3339 in UTC with microseconds.
pub(crate) struct Time(pub(crate) Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (date, time) = (self.0.date_naive(), self.0.time());
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let Ok(year @ 0..=9999) = u32::try_from(date.year()) else {
            return serializer.serialize_str(&super::time(self.0));
        };
        digits(&mut text[0..4], year);
        digits(&mut text[5..7], date.month());
        digits(&mut text[8..10], date.day());
        digits(&mut text[11..13], time.hour());
        digits(&mut text[14..16], time.minute());
        digits(&mut text[17..19], time.second());
        // A leap second is none of ours: no clock of a computer tells it.
        digits(&mut text[20..26], time.nanosecond() / 1000 % 1_000_000);
        serialize_ascii(&text, serializer)
    }
}

/// `YYYY-MM-DD`, or `--MM-DD` without a year.
pub(crate) struct Day(pub(crate) Birthday);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = *b"0000-00-00";
        let day = self.0.month_day();
        digits(&mut text[5..7], day.month());
        digits(&mut text[8..10], day.day());
        match self.0.year().map(u32::try_from) {
            Some(Ok(year @ 0..=9999)) => {
                digits(&mut text[0..4], year);
                serialize_ascii(&text, serializer)
            }
            Some(_) => serializer.collect_str(&self.0),
            None => {
                text[3] = b'-';
                serialize_ascii(&text[3..], serializer)
            }
        }
    }
}

/// Writes a number over as many digits, with zeros in front.
fn digits(text: &mut [u8], mut number: u32) {
    for digit in text.iter_mut().rev() {
        // A remainder of ten is one digit.
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

fn serialize_ascii<S: Serializer>(text: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(std::str::from_utf8(text).map_err(serde::ser::Error::custom)?)
}

macro_rules! is_a_text {
    ($($name:ty),*) => {
        $(impl TypedData for $name {
            fn data_type() -> DataType {
                DataType::String
            }
        })*
    };
}
is_a_text!(Id, Time, Day);

#[cfg(test)]
mod tests {
    use chrono::{DateTime, SecondsFormat};

    use super::*;

    fn json(value: impl Serialize) -> String {
        serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn times_are_written_as_the_calendar_library_writes_them() {
        for seconds in
            [0, -1, 951_782_399, 951_782_400, 1_795_331_880, 253_402_300_799, -62_167_219_200, 253_402_300_800]
        {
            for nanoseconds in [0, 1_000, 123_456_000, 999_999_999] {
                let time = DateTime::from_timestamp(seconds, nanoseconds).unwrap();
                assert_eq!(json(Time(time)), time.to_rfc3339_opts(SecondsFormat::Micros, true));
            }
        }
    }

    #[test]
    fn birthdays_are_written_as_the_domain_writes_them() {
        for text in ["1815-12-10", "2000-02-29", "--02-29", "--01-01", "0001-01-01"] {
            let birthday = Birthday::parse(text).unwrap();
            assert_eq!(json(Day(birthday)), birthday.to_string());
        }
    }

    #[test]
    fn ids_are_written_as_their_library_writes_them() {
        let id = Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057);
        assert_eq!(json(Id(id)), id.to_string());
    }
}
