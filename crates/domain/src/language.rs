//! The languages this product speaks to people.

use crate::validation::{Violation, ViolationCode};

/// What a mail or a page for people can be written in. English where nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Also for whoever prefers a language that is not here.
    #[default]
    English,
    /// Chosen by whoever prefers it, or says so.
    Polish,
}

impl Language {
    /// Each language once, the default first.
    pub const ALL: [Self; 2] = [Self::English, Self::Polish];

    /// The tag of RFC 5646.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
        }
    }

    /// Reads a [tag](Self::tag), in lower case and without a region.
    ///
    /// # Errors
    ///
    /// [`InvalidLanguage`](ViolationCode::InvalidLanguage) for every other text.
    pub fn parse(tag: &str) -> Result<Self, Violation> {
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
            .ok_or_else(|| Violation::new(ViolationCode::InvalidLanguage, "The languages are `en` and `pl`."))
    }
}
