//! Search: what of a contact is found by which words, and what an index must hold for it.
//!
//! Everything here works on folded text, so that both databases find the same: an index says where to look, and
//! changes nothing about what is found.

mod matched_field;
mod near;
mod search_word;
mod searchable;
mod terms;
mod words;

pub use matched_field::{MatchedField, matched_fields};
pub use search_word::SearchWord;
pub use searchable::Searchable;
pub use terms::{Term, TermQuery};

/// How close what is found must be to the words of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closeness {
    /// Every word as it stands.
    #[default]
    Exact,
    /// Every word as it stands, or a word that is [near](SearchWord::near_forms).
    Near,
}
