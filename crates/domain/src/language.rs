//! The languages this product speaks to people.

use crate::validation::{Violation, ViolationCode};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    Polish,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Polish];

    /// The tag of RFC 5646.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
        }
    }

    pub fn parse(tag: &str) -> Result<Self, Violation> {
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
            .ok_or_else(|| Violation::new(ViolationCode::InvalidLanguage, "The languages are `en` and `pl`."))
    }
}
