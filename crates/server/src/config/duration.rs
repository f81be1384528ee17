//! Durations as people write them.

use std::{ops::RangeInclusive, time::Duration};

/// Ten years: what is longer is a slip, and would not fit in a date one day.
const LONGEST: Duration = Duration::from_secs(3650 * 86_400);

/// Reads `90s`, `15m`, `1h`, `30d`, or a bare number of seconds. The error says what it must be.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    within(text, Duration::from_secs(1)..=LONGEST)
}

/// As [`parse`], for a setting with bounds of its own.
pub(crate) fn within(text: &str, range: RangeInclusive<Duration>) -> Result<Duration, String> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds_each = match unit {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        "d" => Some(86_400),
        _ => None,
    };
    number
        .parse::<u64>()
        .ok()
        .zip(seconds_each)
        .and_then(|(number, seconds)| number.checked_mul(seconds))
        .map(Duration::from_secs)
        .filter(|duration| range.contains(duration))
        .ok_or_else(|| {
            let (least, most) = (written(*range.start()), written(*range.end()));
            format!("must be a duration such as 90s, 15m, 1h or 30d, from {least} to {most}")
        })
}

/// As a person would write it: in the largest unit that leaves no rest.
fn written(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(86_400, 'd'), (3600, 'h'), (60, 'm')];
    let unit = units.into_iter().find(|(each, _)| seconds > 0 && seconds.is_multiple_of(*each));
    let (each, letter) = unit.unwrap_or((1, 's'));
    format!("{}{letter}", seconds / each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("1h", 3600), ("30d", 2_592_000), ("45", 45), (" 1s ", 1)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in
            ["", "s", "0", "0d", "-1s", "1.5h", "1w", "15 m", "1h30m", "5M", "3651d", "99999999999999999999", "１５m"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&format!("{}d", u64::MAX)).is_err());
    }

    #[test]
    fn a_setting_may_have_bounds_of_its_own() {
        let range = || Duration::ZERO..=Duration::from_secs(600);
        assert_eq!(within("0s", range()), Ok(Duration::ZERO));
        assert_eq!(within("10m", range()), Ok(Duration::from_secs(600)));
        assert_eq!(
            within("601", range()),
            Err("must be a duration such as 90s, 15m, 1h or 30d, from 0s to 10m".to_owned())
        );
        assert!(parse("0").unwrap_err().ends_with("from 1s to 3650d"));
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in ["0s", "1s", "90s", "2m", "1h", "25h", "366d"] {
            assert_eq!(within(text, Duration::ZERO..=LONGEST).map(written), Ok(text.to_owned()));
        }
    }
}
