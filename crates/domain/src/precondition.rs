//! Conditional requests (RFC 9110 section 13): what a client knows of a contact before it acts on it.
//!
//! ```
//! use contacts_domain::precondition::EntityTags;
//!
//! assert_eq!(EntityTags::parse("*"), EntityTags::Any);
//! assert_eq!(EntityTags::parse(r#"W/"2a-5f""#), EntityTags::parse(r#""2a-5f""#));
//! assert_eq!(EntityTags::parse("no tag"), EntityTags::These(Vec::new()));
//! ```

use std::fmt;

use crate::contact::Contact;

/// Names one state of one contact: every change of the contact gives it another. Strong (RFC 9110 section
/// 8.8.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityTag(String);

impl EntityTag {
    /// A database that is restored from a backup takes numbers again that it gave before; the time of the last
    /// change tells their states apart.
    pub fn of(contact: &Contact) -> Self {
        Self(format!("{:x}-{:x}", contact.seq, contact.updated_at.timestamp_micros()))
    }
}

/// What may stand around the elements of a list (RFC 9110 section 5.6.3).
const BLANK: [char; 2] = [' ', '\t'];

/// As in a header: in quotes.
impl fmt::Display for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// The value of `If-Match` or `If-None-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityTags {
    /// `*`: any state, as long as there is one.
    Any,
    /// Any one of these. None matches where the list is empty, or held nothing but what is no tag of ours.
    These(Vec<EntityTag>),
}

impl EntityTags {
    /// Never fails: what is no tag of ours, or no tag at all, matches nothing. A prefix `W/` is tolerated, for
    /// proxies that compress put one in front of any tag.
    pub fn parse(header: &str) -> Self {
        Self::of_lines([header])
    }

    /// A header in several lines. One that is damaged spoils no other.
    pub fn of_lines<'h>(lines: impl IntoIterator<Item = &'h str>) -> Self {
        let mut tags = Vec::new();
        for line in lines {
            if line.trim_matches(BLANK) == "*" {
                return Self::Any;
            }
            tags.extend(elements(line).filter_map(entity_tag));
        }
        Self::These(tags)
    }

    fn include(&self, tag: &EntityTag) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.contains(tag),
        }
    }
}

/// The elements of a list (RFC 9110 section 5.6.1). A comma inside quotes separates nothing.
fn elements(list: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    list.split(move |character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    })
}

/// The tag that an element names (RFC 9110 section 8.8.3): it is in quotes.
fn entity_tag(element: &str) -> Option<EntityTag> {
    let tag = element.trim_matches(BLANK);
    let quoted = tag.strip_prefix("W/").unwrap_or(tag);
    let text = quoted.strip_prefix('"')?.strip_suffix('"')?;
    Some(EntityTag(text.to_owned()))
}

/// What must be true of a contact for a request to have an effect on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// The contact is in one of these states.
    pub if_match: Option<EntityTags>,
    /// The contact is in none of these states.
    pub if_none_match: Option<EntityTags>,
}

/// The first precondition that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The contact is in another state.
    IfMatch,
    /// The contact is in a state that the client has already.
    IfNoneMatch,
}

impl Preconditions {
    /// In the order of RFC 9110 section 13.2.2.
    pub fn check(&self, contact: &Contact) -> Result<(), Unmet> {
        let tag = EntityTag::of(contact);
        if self.if_match.as_ref().is_some_and(|tags| !tags.include(&tag)) {
            return Err(Unmet::IfMatch);
        }
        if self.if_none_match.as_ref().is_some_and(|tags| tags.include(&tag)) {
            return Err(Unmet::IfNoneMatch);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::{
        Timestamp,
        contact::ContactDetails,
        ids::{ContactId, UserId},
        labels::Labels,
    };

    fn contact() -> Contact {
        let details = ContactDetails {
            first_name: None,
            last_name: None,
            email: None,
            phone: None,
            birthday: None,
            additional_data: None,
            labels: Labels::default(),
        };
        let (id, owner) = (ContactId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)));
        let time = Timestamp::UNIX_EPOCH;
        Contact { id, owner, details, seq: 26, created_at: time, updated_at: time + TimeDelta::microseconds(255) }
    }

    fn if_match(header: &str) -> Preconditions {
        Preconditions { if_match: Some(EntityTags::parse(header)), if_none_match: None }
    }

    fn if_none_match(header: &str) -> Preconditions {
        Preconditions { if_match: None, if_none_match: Some(EntityTags::parse(header)) }
    }

    #[test]
    fn every_change_gives_another_tag() {
        assert_eq!(EntityTag::of(&contact()).to_string(), "\"1a-ff\"");
        let changed = Contact { seq: 27, ..contact() };
        let changed_after_a_restore = Contact { updated_at: Timestamp::UNIX_EPOCH, ..contact() };
        for other in [changed, changed_after_a_restore] {
            assert_ne!(EntityTag::of(&other), EntityTag::of(&contact()));
        }
    }

    #[test]
    fn without_preconditions_everything_may_happen() {
        assert_eq!(Preconditions::default().check(&contact()), Ok(()));
    }

    #[test]
    fn one_of_several_tags_is_enough_and_a_weak_prefix_is_tolerated() {
        for header in ["\"1a-ff\"", "W/\"1a-ff\"", " \"x\" , \"1a-ff\"", "\"a,b\", W/\"1a-ff\"", "*", " * "] {
            assert_eq!(if_match(header).check(&contact()), Ok(()), "{header}");
            assert_eq!(if_none_match(header).check(&contact()), Err(Unmet::IfNoneMatch), "{header}");
        }
    }

    #[test]
    fn what_is_no_tag_of_this_state_matches_nothing() {
        for header in [
            "\"1a-fe\"",
            "\"\"",
            "",
            ",",
            "\"1a\"",
            "w/\"1a-ff\"",
            "\"*\"",
            "1a-ff",
            "\"a,1a-ff\"",
            "\"a,\"1a-ff\"",
            "\"",
        ] {
            assert_eq!(if_match(header).check(&contact()), Err(Unmet::IfMatch), "{header}");
            assert_eq!(if_none_match(header).check(&contact()), Ok(()), "{header}");
        }
    }
}
