//! In which order contacts are listed.

use crate::{
    cursor::KeyKind,
    validation::{Violation, ViolationCode},
};

/// A field that contacts can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortField {
    /// By the folded text; contacts without one come last.
    FirstName,
    /// By the folded text; contacts without one come last.
    LastName,
    /// By the folded text; contacts without one come last.
    Email,
    /// By month and day, then by year; what is unknown comes last.
    Birthday,
    /// Every contact has it.
    CreatedAt,
    /// Every contact has it.
    UpdatedAt,
}

impl SortField {
    /// Each field once, as a refusal lists them.
    pub const ALL: [Self; 6] =
        [Self::FirstName, Self::LastName, Self::Email, Self::Birthday, Self::CreatedAt, Self::UpdatedAt];

    /// As the parameter `sort` calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::Birthday => "birthday",
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
        }
    }
}

/// Which end of an order comes first. What is absent comes last in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// A before Z, January before December, the oldest before the newest.
    Ascending,
    /// The other way round.
    Descending,
}

/// Fields in order of weight, each at most once: `last_name,-created_at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort(Vec<(SortField, Direction)>);

impl Sort {
    /// Reads names with commas between them, `-` in front of a name for descending order. No spaces.
    ///
    /// # Errors
    ///
    /// [`InvalidSort`](ViolationCode::InvalidSort) for an unknown name, one that comes twice, or an empty text.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let mut terms: Vec<(SortField, Direction)> = Vec::new();
        for term in text.split(',') {
            let (name, direction) = match term.strip_prefix('-') {
                Some(name) => (name, Direction::Descending),
                None => (term, Direction::Ascending),
            };
            match SortField::ALL.into_iter().find(|field| field.name() == name) {
                Some(field) if terms.iter().all(|(named, _)| *named != field) => terms.push((field, direction)),
                _ => {
                    return Err(Violation::new(
                        ViolationCode::InvalidSort,
                        "Sort by first_name, last_name, email, birthday, created_at, updated_at: each once, \
                         separated by commas, `-` before a name for descending order.",
                    ));
                }
            }
        }
        Ok(Self(terms))
    }
}

impl Default for Sort {
    fn default() -> Self {
        Self(vec![(SortField::LastName, Direction::Ascending), (SortField::FirstName, Direction::Ascending)])
    }
}

/// The order of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactOrder {
    /// Best matches of the search words first, then by name.
    Relevance,
    /// Fields that the client named, or the default.
    By(Sort),
}

/// A value that a repository sorts by. None of them is ever null: what is absent has a key of its
/// own, so that it sorts last in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// How badly the contact matches the search words: 0 is best.
    Relevance,
    /// The folded first name; after every name where there is none. The same goes for the next two.
    FirstName,
    /// The folded last name, likewise.
    LastName,
    /// The folded e-mail address, likewise.
    Email,
    /// The month-day; after every day where there is no birthday.
    BirthdayDay,
    /// The year; after every year where it is unknown.
    BirthdayYear,
    /// When it was created.
    CreatedAt,
    /// When its details changed last.
    UpdatedAt,
    /// 1 where the field is absent, else 0: before a descending key.
    FirstNameAbsent,
    /// 1 where there is no last name, else 0.
    LastNameAbsent,
    /// 1 where there is no e-mail address, else 0.
    EmailAbsent,
    /// 1 where there is no birthday, else 0.
    BirthdayAbsent,
    /// 1 where the year is unknown, or there is no birthday, else 0.
    BirthdayYearAbsent,
    /// The rank of the next celebration, see [`DayRanking`](crate::birthday_window::DayRanking).
    NextBirthday,
}

impl SortKey {
    /// The type of its values, in a cursor and in a database.
    pub const fn kind(self) -> KeyKind {
        match self {
            Self::FirstName | Self::LastName | Self::Email => KeyKind::Text,
            Self::CreatedAt | Self::UpdatedAt => KeyKind::Time,
            Self::Relevance
            | Self::BirthdayDay
            | Self::BirthdayYear
            | Self::FirstNameAbsent
            | Self::LastNameAbsent
            | Self::EmailAbsent
            | Self::BirthdayAbsent
            | Self::BirthdayYearAbsent
            | Self::NextBirthday => KeyKind::Integer,
        }
    }
}

/// The birthday list's order; ties are broken by id, as everywhere.
pub const BIRTHDAY_KEYS: [(SortKey, Direction); 3] = [
    (SortKey::NextBirthday, Direction::Ascending),
    (SortKey::LastName, Direction::Ascending),
    (SortKey::FirstName, Direction::Ascending),
];

impl ContactOrder {
    /// The keys to compare, one after the other; where all are equal the smaller id comes first.
    pub fn keys(&self) -> Vec<(SortKey, Direction)> {
        use Direction::Ascending;
        match self {
            Self::Relevance => {
                vec![(SortKey::Relevance, Ascending), (SortKey::LastName, Ascending), (SortKey::FirstName, Ascending)]
            }
            Self::By(Sort(terms)) => terms.iter().flat_map(|(field, direction)| keys_of(*field, *direction)).collect(),
        }
    }
}

fn keys_of(field: SortField, direction: Direction) -> Vec<(SortKey, Direction)> {
    use SortKey as Key;
    let keys: &[(Option<Key>, Key)] = match field {
        SortField::FirstName => &[(Some(Key::FirstNameAbsent), Key::FirstName)],
        SortField::LastName => &[(Some(Key::LastNameAbsent), Key::LastName)],
        SortField::Email => &[(Some(Key::EmailAbsent), Key::Email)],
        SortField::Birthday => {
            &[(Some(Key::BirthdayAbsent), Key::BirthdayDay), (Some(Key::BirthdayYearAbsent), Key::BirthdayYear)]
        }
        SortField::CreatedAt => &[(None, Key::CreatedAt)],
        SortField::UpdatedAt => &[(None, Key::UpdatedAt)],
    };
    keys.iter()
        .flat_map(|(absent, key)| {
            // Ascending, the key of what is absent is the greatest already.
            let absent = absent.filter(|_| direction == Direction::Descending);
            absent.map(|absent| (absent, Direction::Ascending)).into_iter().chain([(*key, direction)])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_is_a_list_of_fields() {
        let sort = Sort::parse("last_name,-created_at").unwrap();
        assert_eq!(
            ContactOrder::By(sort).keys(),
            [(SortKey::LastName, Direction::Ascending), (SortKey::CreatedAt, Direction::Descending)]
        );
    }

    #[test]
    fn what_is_absent_sorts_last_in_both_directions() {
        assert_eq!(
            ContactOrder::By(Sort::parse("-email").unwrap()).keys(),
            [(SortKey::EmailAbsent, Direction::Ascending), (SortKey::Email, Direction::Descending)]
        );
    }

    #[test]
    fn unknown_repeated_and_empty_terms_are_refused() {
        for text in ["", ",", "last_name,", "phone", "last_name,-last_name", "--email", "+email", " email", "Email"] {
            assert_eq!(Sort::parse(text).unwrap_err().code(), ViolationCode::InvalidSort, "{text:?}");
        }
    }
}
