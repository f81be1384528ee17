//! How long a link works, in words.

use std::time::Duration;

use contacts_domain::language::Language;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Whole hours where it is a number of them, minutes otherwise: rounded down, for nobody is to be
/// promised more than there is. In Polish in the accusative, as it stands after `przez`.
pub(crate) fn in_words(lifetime: Duration, language: Language) -> String {
    let seconds = lifetime.as_secs();
    let (number, unit) = if seconds >= HOUR && seconds.is_multiple_of(HOUR) {
        (seconds / HOUR, Unit::Hour)
    } else {
        (seconds / MINUTE, Unit::Minute)
    };
    format!("{number} {}", unit.name(number, language))
}

#[derive(Clone, Copy)]
enum Unit {
    Minute,
    Hour,
}

impl Unit {
    const fn name(self, number: u64, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Minute) => english(number, ["minute", "minutes"]),
            (Language::English, Self::Hour) => english(number, ["hour", "hours"]),
            (Language::Polish, Self::Minute) => polish(number, ["minutę", "minuty", "minut"]),
            (Language::Polish, Self::Hour) => polish(number, ["godzinę", "godziny", "godzin"]),
        }
    }
}

const fn english(number: u64, [one, other]: [&'static str; 2]) -> &'static str {
    if number == 1 { one } else { other }
}

/// The plural categories of Polish as Unicode has them: one, few, many.
const fn polish(number: u64, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (number, number % 10, number % 100) {
        (1, _, _) => one,
        (_, _, 12..=14) => many,
        (_, 2..=4, _) => few,
        _ => many,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_agree_with_their_number() {
        for (seconds, english, polish) in [
            (0, "0 minutes", "0 minut"),
            (60, "1 minute", "1 minutę"),
            (2 * 60, "2 minutes", "2 minuty"),
            (5 * 60, "5 minutes", "5 minut"),
            (12 * 60, "12 minutes", "12 minut"),
            (21 * 60, "21 minutes", "21 minut"),
            (22 * 60, "22 minutes", "22 minuty"),
            (30 * 60, "30 minutes", "30 minut"),
            (3_600, "1 hour", "1 godzinę"),
            (3 * 3_600, "3 hours", "3 godziny"),
            (12 * 3_600, "12 hours", "12 godzin"),
            (24 * 3_600, "24 hours", "24 godziny"),
            (48 * 3_600, "48 hours", "48 godzin"),
            (112 * 3_600, "112 hours", "112 godzin"),
            (90 * 60, "90 minutes", "90 minut"),
        ] {
            let lifetime = Duration::from_secs(seconds);
            assert_eq!(in_words(lifetime, Language::English), english);
            assert_eq!(in_words(lifetime, Language::Polish), polish);
        }
    }

    #[test]
    fn no_more_is_promised_than_there_is() {
        assert_eq!(in_words(Duration::from_secs(119), Language::English), "1 minute");
        assert_eq!(in_words(Duration::from_secs(7_199), Language::English), "119 minutes");
    }
}
