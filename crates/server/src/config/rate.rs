//! How often something may be done, as people write it.

use std::{num::NonZeroU32, time::Duration};

use contacts_domain::rate_limit::RateLimit;

/// Reads `600/min`: so many in a period, evenly, and at most `burst` at once after a pause; where the
/// number is less than that, so many. The error says what it must be.
pub(crate) fn parse(text: &str, burst: NonZeroU32) -> Result<RateLimit, String> {
    text.trim()
        .split_once('/')
        .and_then(|(amount, period)| Some((number(amount)?, seconds(period)?)))
        .and_then(|(amount, period)| RateLimit::new(amount, Duration::from_secs(period), burst.min(amount)))
        .ok_or_else(|| {
            "must be a number and a period, such as 600/min, 5/h or 10000/day (s, sec, min, h, hour or day), at most \
             1000000/s"
                .to_owned()
        })
}

/// Digits alone: a sign is none.
fn number(text: &str) -> Option<NonZeroU32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn seconds(unit: &str) -> Option<u64> {
    match unit {
        "s" | "sec" => Some(1),
        "min" => Some(60),
        "h" | "hour" => Some(3600),
        "day" => Some(86_400),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, burst: u32) -> Result<RateLimit, String> {
        parse(text, NonZeroU32::new(burst).unwrap())
    }

    #[test]
    fn rates_are_read() {
        for (text, milliseconds) in [
            ("600/min", 100),
            (" 5/s ", 200),
            ("5/sec", 200),
            ("2/h", 1_800_000),
            ("2/hour", 1_800_000),
            ("1/day", 86_400_000),
        ] {
            assert_eq!(read(text, 1).unwrap().interval(), Duration::from_millis(milliseconds), "{text}");
        }
        assert_eq!(read("1000000/s", 1).unwrap().interval(), Duration::from_micros(1));
    }

    #[test]
    fn a_burst_is_never_more_than_the_amount() {
        for (text, burst, at_once) in [("600/min", 100, 100), ("60/min", 100, 60), ("600/min", u32::MAX, 600)] {
            assert_eq!(read(text, burst).unwrap().burst().get(), at_once, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "/",
            "600",
            "600/",
            "/min",
            "0/min",
            "-1/min",
            "+1/min",
            "1.5/min",
            "600 / min",
            "600/m",
            "600/Min",
            "600/min/s",
            "600/week",
            "1000001/s",
            "99999999999/day",
            "６/min",
        ] {
            assert!(read(text, 100).unwrap_err().starts_with("must be a number and a period"), "{text}");
        }
    }
}
