//! Words that are near each other: they become the same where at most one letter is left out of each.
//!
//! That is what a slip makes of a word: a letter too many, too few, a wrong one, or two exchanged.

use std::ops::RangeInclusive;

use super::words::words;

/// Of how many letters a word is, for others to be near it: of shorter ones too many would be.
const LENGTHS: RangeInclusive<usize> = 4..=32;

/// The words of a folded name or label to which others may be near: each word, and what stands between spaces without
/// its signs, so that `oharra` is near `o'hara`.
pub(super) fn words_of_name(folded: &str) -> impl Iterator<Item = String> {
    words(folded).map(str::to_owned).chain(folded.split_whitespace().map(joined))
}

/// What stands between spaces, without the signs that names have. Empty where it has other signs of ASCII: whoever
/// types these means no name.
pub(super) fn joined(text: &str) -> String {
    let is_of_name = |c: char| !c.is_ascii_punctuation() || matches!(c, '-' | '\'' | '.' | ',');
    if text.chars().all(is_of_name) { words(text).collect() } else { String::new() }
}

/// The word, and what is left where one letter is left out. Nothing where no word is near this one: two words are
/// near each other where they have one of these in common.
pub(super) fn near_forms(word: &str) -> Vec<String> {
    let has_letters = word.contains(|c: char| !c.is_ascii_digit());
    if !has_letters || !LENGTHS.contains(&word.chars().count()) {
        return Vec::new();
    }
    let mut forms = vec![word.to_owned()];
    let mut before = None;
    for (at, letter) in word.char_indices() {
        // Of two that are the same it makes no difference which one is left out.
        if before.replace(letter) != Some(letter) {
            let (start, end) = (&word[..at], &word[at + letter.len_utf8()..]);
            forms.push([start, end].concat());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: &str, b: &str) -> bool {
        let forms = near_forms(a);
        near_forms(b).iter().any(|form| forms.contains(form))
    }

    #[test]
    fn one_slip_is_near_and_two_are_not() {
        for slip in ["lovelace", "lovelac", "lovlace", "lovellace", "lovelaze", "lovleace", "ovelace", "lovelaces"] {
            assert!(near("lovelace", slip), "{slip}");
            assert!(near(slip, "lovelace"), "{slip}");
        }
        for other in ["lovela", "lovvelacce", "love", "lavelocy", "byron"] {
            assert!(!near("lovelace", other), "{other}");
        }
    }

    #[test]
    fn signs_within_a_name_make_no_difference() {
        let of = |name: &str| words_of_name(name).collect::<Vec<_>>();
        assert_eq!(of("o'hara jean-luc"), ["o", "hara", "jean", "luc", "ohara", "jeanluc"]);
        assert_eq!(of("a_b@c"), ["a", "b", "c", ""]);
        assert_eq!(of("夏目漱石"), ["夏", "目", "漱", "石", "夏目漱石"]);
    }

    #[test]
    fn nothing_is_near_a_short_word_or_a_number() {
        for word in ["", "ada", "1234", "20121815", "x".repeat(33).as_str()] {
            assert_eq!(near_forms(word), [""; 0]);
        }
        assert_eq!(near_forms("anna"), ["anna", "nna", "ana", "ann"]);
        assert_eq!(near_forms("東京都庁").len(), 5);
    }
}
