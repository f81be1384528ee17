//! Folding: the form of text in which it is searched and sorted.
//!
//! Both databases compare bytes of folded text, so what a search finds and how names sort is
//! decided here and nowhere else. `Łódź`, `lodz` and `LÓDŹ` fold to the same text.
//!
//! The steps: compatibility decomposition (NFKD), combining marks dropped, full case folding,
//! and a table for letters that Unicode does not decompose. Scripts stay what they are: nothing
//! is transliterated.
//!
//! ```
//! use contacts_domain::folding::fold;
//!
//! assert_eq!(fold("Łódź"), "lodz");
//! assert_eq!(fold("LÓDŹ"), fold("lodz"));
//! assert_eq!(fold("Gauß"), "gauss");
//! assert_eq!(fold("夏目"), "夏目");
//! ```

use caseless::Caseless;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The version of the rules above, and of what [`Searchable`](crate::search::Searchable) makes of them. It is stored
/// beside folded text, so that what was stored under older rules is found and folded anew. A new version comes with a
/// migration of the partial index that finds the older ones.
pub const FOLD_VERSION: i16 = 2;

/// Folds text for searching and sorting. Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    // ASCII is by far the most frequent text, and folds without any table.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = fold_once(text);
    // A few characters decompose or case-fold into something that folds further.
    loop {
        let again = fold_once(&folded);
        if again == folded {
            return folded;
        }
        folded = again;
    }
}

fn fold_once(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).default_case_fold() {
        match undecomposed(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded
}

/// Letters with a stroke or a ligature, which NFKD leaves alone; `ß` becomes `ss` by case folding.
const fn undecomposed(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'æ' => "ae",
        'œ' => "oe",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_case_and_strokes_are_ignored() {
        for (text, folded) in [
            ("Łódź", "lodz"),
            ("Gauß", "gauss"),
            ("GAUẞ", "gauss"),
            ("Dvořák", "dvorak"),
            ("Skłodowska-Curie", "sklodowska-curie"),
            ("Søren", "soren"),
            ("Guðmundsdóttir", "gudmundsdottir"),
            ("Đorđević", "dordevic"),
            ("Þór", "thor"),
            ("Æsop Œuvre", "aesop oeuvre"),
            ("İhsan ıssız", "ihsan issiz"),
            ("Erdős", "erdos"),
            ("Ὀδυσσεύς", "οδυσσευσ"),
            ("Толстой", "толстои"),
            ("夏目", "夏目"),
            ("ﬁ", "fi"),
            ("４８", "48"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_is_idempotent(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn case_makes_no_difference(text in "\\PC{0,40}") {
            // Greek and Cherokee aside, lower-casing first must not change what is found.
            prop_assert_eq!(fold(&fold(&text).to_lowercase()), fold(&text));
        }
    }

    #[test]
    fn every_character_folds_to_a_fixed_point() {
        for c in ('\0'..=char::MAX).filter(|c| !c.is_ascii()) {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }
}
