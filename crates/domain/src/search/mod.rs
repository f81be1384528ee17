//! Search: what of a contact is found by which words, and what an index must hold for it.
//!
//! Everything here works on folded text, so that both databases find the same: an index says where to look, and
//! changes nothing about what is found.
//!
//! ```
//! use contacts_domain::{
//!     contact_draft::{Circumstances, ContactDraft},
//!     contact_query::ContactListRequest,
//!     ids::UserId,
//!     required_fields::RequiredFields,
//!     search::{Closeness, MatchedField, matched_fields},
//! };
//!
//! let jan = ContactDraft {
//!     last_name: Some("Łukasiewicz".into()),
//!     phone: Some("+48 22 555 13 10".into()),
//!     ..ContactDraft::default()
//! };
//! let required = RequiredFields::none();
//! let jan = jan.validate(Circumstances { today: "2026-11-22".parse()?, phone_region: None, required: &required })?;
//!
//! let owner = UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").ok_or("an id")?;
//! let find = |q: &str, closeness| -> Result<_, Box<dyn std::error::Error>> {
//!     let request = ContactListRequest { q: Some(q.into()), ..ContactListRequest::default() };
//!     let (query, _) = request.validate(owner)?;
//!     Ok(matched_fields(&jan, &query.filter.words, closeness))
//! };
//! assert_eq!(find("lukas 0048", Closeness::Exact)?, [MatchedField::LastName, MatchedField::Phone]);
//! assert_eq!(find("lukasiewcz", Closeness::Exact)?, []);
//! assert_eq!(find("lukasiewcz", Closeness::Near)?, [MatchedField::LastName]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
