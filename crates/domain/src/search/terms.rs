//! Terms: what an index holds of a contact, so that a search costs what it finds and not what there is.
//!
//! A word may be searched for by any part of it. So an index holds the first letters of every ending of every word: of
//! `curie` `curi`, `urie`, `rie`, `ie`, `e`. A part that is longer has several of them, all of which a contact must
//! hold; a shorter part is what some of them begin with. Every term begins with its owner: nobody's search is slower
//! for what others have.

use std::collections::BTreeSet;

use super::{
    SearchWord,
    near::{near_forms, words_of_name},
    words::words,
};
use crate::ids::UserId;

/// How much of an ending is kept, in letters. Few are enough, for a part that has more is looked for by all of its
/// letters; and a term that is looked for as a whole is found much faster than those that begin with something, where
/// most contacts have it, as a part of their e-mail.
const GRAM: usize = 4;
/// How much of a word of the notes is kept.
const NOTE: usize = 8;

/// What kind of text a term comes from.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Note,
    Near,
}

/// One term as a search looks for it: of ASCII it has lower-case letters and digits alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Every term that begins like this.
    Beginning(String),
    /// This term.
    Whole(String),
}

/// Which contacts a search must look at: those that, for every item, hold all terms of one of its alternatives.
/// Each contact that matches is among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermQuery(Vec<Vec<Vec<Term>>>);

impl TermQuery {
    /// All of these: of each one of the alternatives, of which all terms.
    pub fn conditions(&self) -> &[Vec<Vec<Term>>] {
        &self.0
    }

    /// Whether an index is of no help: all contacts of the owner must be looked at.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The contact has this part of a text.
    pub(crate) fn require_part(&mut self, owner: UserId, part: &str) {
        let terms = in_text(owner, part);
        if !terms.is_empty() {
            self.0.push(vec![terms]);
        }
    }

    /// The contact has this word, as text, as a number or in its notes.
    pub(crate) fn require_word(&mut self, owner: UserId, word: &SearchWord) {
        self.require_any(exactly(owner, word));
    }

    /// The contact has this word, or a near one.
    pub(crate) fn require_near_word(&mut self, owner: UserId, word: &SearchWord) {
        let mut alternatives = exactly(owner, word);
        if !alternatives.is_empty() {
            alternatives.extend(Self::near(owner, word).0.into_iter().flatten());
        }
        self.require_any(alternatives);
    }

    /// The contact has a word that is near this one. Empty where there are no near words.
    pub fn near(owner: UserId, word: &SearchWord) -> Self {
        let whole = |form: String| vec![Term::Whole(term(owner, Kind::Near, &form))];
        let mut query = Self::default();
        query.require_any(word.near_forms().into_iter().map(whole).collect());
        query
    }

    fn require_any(&mut self, alternatives: Vec<Vec<Term>>) {
        if !alternatives.is_empty() {
            self.0.push(alternatives);
        }
    }
}

fn exactly(owner: UserId, word: &SearchWord) -> Vec<Vec<Term>> {
    let text = in_text(owner, word.text());
    if text.is_empty() {
        // Signs alone are in no term, so that no term can be asked for.
        return Vec::new();
    }
    let notes = words(word.text()).map(|word| Term::Beginning(term(owner, Kind::Note, start(word, NOTE)))).collect();
    let number = word.digits().map(|digits| grams(owner, Kind::Number, digits).collect());
    [text, notes].into_iter().chain(number).collect()
}

fn in_text(owner: UserId, part: &str) -> Vec<Term> {
    words(part).flat_map(|word| grams(owner, Kind::Text, word)).collect()
}

/// What is held of every word that has this part: terms that together have all of its letters.
fn grams(owner: UserId, kind: Kind, part: &str) -> impl Iterator<Item = Term> {
    let letters: Vec<char> = part.chars().collect();
    let last = letters.len().saturating_sub(GRAM);
    let starts = (0..last).step_by(GRAM).chain([last]);
    starts.map(move |at| {
        let gram: String = letters.iter().skip(at).take(GRAM).collect();
        let term = term(owner, kind, &gram);
        if letters.len() < GRAM { Term::Beginning(term) } else { Term::Whole(term) }
    })
}

/// The terms of one contact.
pub(super) struct Terms {
    owner: UserId,
    terms: BTreeSet<String>,
}

impl Terms {
    pub(super) const fn of(owner: UserId) -> Self {
        Self { owner, terms: BTreeSet::new() }
    }

    /// A name or a label: the endings of its words, and what other words are near to.
    pub(super) fn add_name(&mut self, folded: &str) {
        self.add_endings(folded);
        for word in words_of_name(folded) {
            self.add_near_forms(&word);
        }
    }

    /// The same, but that nothing is near an address as a whole.
    pub(super) fn add_email(&mut self, folded: &str) {
        self.add_endings(folded);
        for word in words(folded) {
            self.add_near_forms(word);
        }
    }

    /// The beginnings of words that have spaces between them.
    pub(super) fn add_notes(&mut self, note_words: &str) {
        for word in note_words.split(' ').filter(|word| !word.is_empty()) {
            self.add(Kind::Note, start(word, NOTE));
        }
    }

    /// The endings of spellings that have spaces between them.
    pub(super) fn add_phone(&mut self, phone_digits: &str) {
        for ending in phone_digits.split(' ').flat_map(endings) {
            self.add(Kind::Number, ending);
        }
    }

    /// All of them, a space between.
    pub(super) fn joined(self) -> String {
        self.terms.into_iter().collect::<Vec<_>>().join(" ")
    }

    fn add_endings(&mut self, folded: &str) {
        for ending in words(folded).flat_map(endings) {
            self.add(Kind::Text, ending);
        }
    }

    fn add_near_forms(&mut self, word: &str) {
        for form in near_forms(word) {
            self.add(Kind::Near, &form);
        }
    }

    fn add(&mut self, kind: Kind, text: &str) {
        self.terms.insert(term(self.owner, kind, text));
    }
}

/// The first letters of each ending.
fn endings(word: &str) -> impl Iterator<Item = &str> {
    word.char_indices().map(|(at, _)| start(&word[at..], GRAM))
}

fn start(word: &str, length: usize) -> &str {
    let end = word.char_indices().nth(length).map_or(word.len(), |(end, _)| end);
    &word[..end]
}

fn term(owner: UserId, kind: Kind, text: &str) -> String {
    let kind = match kind {
        Kind::Text => 't',
        Kind::Number => 'n',
        Kind::Note => 'b',
        Kind::Near => 'w',
    };
    let mut term = mark(owner);
    term.push(kind);
    term.push_str(text);
    term
}

/// Four letters for the owner, of a million: two owners that have the same ones cost each other a little time, for
/// whose contact it is is asked when it is looked at.
fn mark(owner: UserId) -> String {
    const LETTERS: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
        'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
    ];
    // The end of an id is random in every version of UUID that is in use (RFC 9562).
    let mut number = owner.uuid().as_u128();
    let mut mark = String::with_capacity(16);
    for _ in 0..4 {
        mark.push(LETTERS[(number % 32) as usize]);
        number /= 32;
    }
    mark
}

#[cfg(test)]
mod tests;
