//! One word of a search.

use super::{
    near::{joined, near_forms},
    words::words,
};
use crate::phone::{digits_of, is_dialled};

/// One word to search for, in the forms in which it may be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWord {
    text: String,
    parts: String,
    digits: Option<String>,
}

impl SearchWord {
    /// Of folded text without white space.
    pub(crate) fn new(text: &str) -> Self {
        let digits = text.chars().all(is_dialled).then(|| digits_of(text)).filter(|digits| !digits.is_empty());
        let parts = words(text).collect::<Vec<_>>().join(" ");
        Self { text: text.to_owned(), parts, digits }
    }

    /// Folded, to be found anywhere in a name, the e-mail or a label.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// To be found among the [words of notes](super::Searchable::note_words): the words that the text has, a space
    /// before each, the last of which may go on there. `None` where there are but signs of ASCII, which notes are not
    /// searched for.
    pub fn in_notes(&self) -> Option<String> {
        (!self.parts.is_empty()).then(|| format!(" {}", self.parts))
    }

    /// To be found in a phone number, where the word can be a part of one.
    pub fn digits(&self) -> Option<&str> {
        self.digits.as_deref()
    }

    /// What it has in common with a word that is near: a letter wrong, missing, too many, or two exchanged. Nothing
    /// where no word is: those of 4 to 32 letters have such, but neither numbers nor words with signs of ASCII, but for
    /// those that names have (`-`, `'`, `.`, `,`).
    pub fn near_forms(&self) -> Vec<String> {
        near_forms(&joined(&self.text))
    }
}
