//! The words of folded text.

/// The words of folded text, in order: runs of letters and digits. Where a script sets no spaces between its words,
/// each of its characters is a word; so is every sign that is not ASCII, as an emoji. White space and the signs of
/// ASCII stand between words.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(separates);
        let first = rest.chars().next()?;
        let end = match stands_alone(first) {
            true => first.len_utf8(),
            false => rest.find(|c| separates(c) || stands_alone(c)).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

fn separates(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_alphanumeric() } else { c.is_whitespace() }
}

fn stands_alone(c: char) -> bool {
    !c.is_ascii()
        && (!c.is_alphanumeric()
            || matches!(
                c,
                // Thai and Lao; Myanmar; Khmer; kana and bopomofo; ideographs.
                '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
                    | '\u{3040}'..='\u{312F}' | '\u{31A0}'..='\u{31FF}' | '\u{3400}'..='\u{9FFF}'
                    | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
            ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::folding::fold;

    fn of(text: &str) -> Vec<&str> {
        words(text).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(of(" o'hara-curie  jan.42@example.com "), ["o", "hara", "curie", "jan", "42", "example", "com"]);
        assert_eq!(of("толстои"), ["толстои"]);
        assert_eq!(of(""), [""; 0]);
        assert_eq!(of("- .\u{a0}"), [""; 0]);
    }

    #[test]
    fn scripts_without_spaces_have_words_of_one_character() {
        assert_eq!(of("私はtokyoに"), ["私", "は", "tokyo", "に"]);
        assert_eq!(of("🎂party„x“"), ["🎂", "party", "„", "x", "“"]);
    }

    proptest! {
        #[test]
        fn the_words_of_a_part_are_parts_of_the_words_of_the_whole(text in "\\PC{0,20}", from in 0usize..20, to in 0usize..20) {
            let text = fold(&text);
            let part: String = text.chars().skip(from).take(to).collect();
            for word in words(&part) {
                prop_assert!(words(&text).any(|whole| whole.contains(word)));
            }
        }
    }
}
