//! Characters that nobody sees.

use std::ops::RangeInclusive;

/// The general category Cf of Unicode 17, in order, without U+200C and U+200D: there are scripts that join their
/// letters otherwise with them.
const FORMAT_CHARACTERS: [RangeInclusive<char>; 22] = [
    '\u{ad}'..='\u{ad}',
    '\u{600}'..='\u{605}',
    '\u{61c}'..='\u{61c}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{180e}'..='\u{180e}',
    '\u{200b}'..='\u{200b}',
    '\u{200e}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{2064}',
    '\u{2066}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
    '\u{fff9}'..='\u{fffb}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0001}'..='\u{e0001}',
    '\u{e0020}'..='\u{e007f}',
];

/// Whether a character only has an effect on others: it turns the direction of text, or marks a place in it.
pub(crate) fn is_format_character(c: char) -> bool {
    FORMAT_CHARACTERS.iter().any(|range| range.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_and_hides_text_is_found_and_what_joins_letters_is_not() {
        for c in ['\u{ad}', '\u{61c}', '\u{200b}', '\u{200e}', '\u{202e}', '\u{2069}', '\u{feff}', '\u{e007f}'] {
            assert!(is_format_character(c), "{c:?}");
        }
        for c in ['a', 'ł', '夏', '\u{301}', '\u{200c}', '\u{200d}', '\u{2065}', '\u{fe0f}', '😀'] {
            assert!(!is_format_character(c), "{c:?}");
        }
    }

    #[test]
    fn the_ranges_are_in_order() {
        assert!(FORMAT_CHARACTERS.windows(2).all(|pair| pair[0].end() < pair[1].start()));
    }
}
