//! Durations as people write them.

use std::time::Duration;

/// Ten years: what is longer is a slip, and would not fit in a date one day.
const LONGEST: Duration = Duration::from_secs(3650 * 86_400);

/// Reads `90s`, `15m`, `1h`, `30d`, or a bare number of seconds. The error says what it must be.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
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
        .filter(|duration| !duration.is_zero() && *duration <= LONGEST)
        .ok_or_else(|| "must be a duration such as 90s, 15m, 1h or 30d, from 1s to 3650d".to_owned())
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
}
