//! Where in a contact the words of a search were found.

use super::{
    Closeness, SearchWord,
    near::{near_forms, words_of_name},
    searchable::words_of_notes,
    words::words,
};
use crate::{contact::ContactDetails, folding::fold};

/// A field of a contact that a search looks into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedField {
    /// In any part of it, or near one of its words.
    FirstName,
    /// In any part of it, or near one of its words.
    LastName,
    /// In any part of it, or near one of its words.
    Email,
    /// In any spelling of the number; digits alone are looked for.
    Phone,
    /// At the beginning of a word of the notes.
    AdditionalData,
    /// In any part of one of them, or near one of its words.
    Labels,
}

impl MatchedField {
    /// In the order in which an answer names them.
    pub const ALL: [Self; 6] =
        [Self::FirstName, Self::LastName, Self::Email, Self::Phone, Self::AdditionalData, Self::Labels];

    /// As the API calls the field of a contact.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::AdditionalData => "additional_data",
            Self::Labels => "labels",
        }
    }
}

/// The fields in which any of the words is found, in the order of [`MatchedField::ALL`]. Not empty where the contact
/// was found by these words.
pub fn matched_fields(details: &ContactDetails, sought: &[SearchWord], closeness: Closeness) -> Vec<MatchedField> {
    let ContactDetails { first_name, last_name, email, phone, birthday: _, additional_data, labels } = details;
    let numbers: Vec<&str> = sought.iter().filter_map(SearchWord::digits).collect();
    let near_sought: Vec<String> = match closeness {
        Closeness::Exact => Vec::new(),
        Closeness::Near => sought.iter().flat_map(SearchWord::near_forms).collect(),
    };
    let found_in = |folded: &str| sought.iter().any(|word| folded.contains(word.text()));
    let in_name = |name: &str| {
        let folded = fold(name);
        found_in(&folded) || is_near(words_of_name(&folded), &near_sought)
    };
    let found = |field: &MatchedField| match field {
        MatchedField::FirstName => first_name.as_ref().is_some_and(|name| in_name(name.as_str())),
        MatchedField::LastName => last_name.as_ref().is_some_and(|name| in_name(name.as_str())),
        MatchedField::Labels => labels.as_slice().iter().any(|label| in_name(label.as_str())),
        MatchedField::Email => email.as_ref().is_some_and(|email| {
            let folded = fold(email.as_str());
            found_in(&folded) || is_near(words(&folded).map(str::to_owned), &near_sought)
        }),
        // To understand a number costs more than all the rest.
        MatchedField::Phone => phone.as_ref().filter(|_| !numbers.is_empty()).is_some_and(|phone| {
            let digits = phone.search_digits();
            numbers.iter().any(|number| digits.contains(number))
        }),
        MatchedField::AdditionalData => additional_data.as_ref().is_some_and(|notes| {
            let note_words = words_of_notes(notes);
            sought.iter().filter_map(SearchWord::in_notes).any(|beginning| note_words.contains(&beginning))
        }),
    };
    MatchedField::ALL.into_iter().filter(found).collect()
}

/// Whether one of the words has a form in common with those that are sought.
fn is_near(mut words: impl Iterator<Item = String>, sought: &[String]) -> bool {
    !sought.is_empty() && words.any(|word| near_forms(&word).iter().any(|form| sought.contains(form)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        email_address::EmailAddress,
        labels::{Label, Labels},
        notes::Notes,
        person_name::PersonName,
        phone::Phone,
    };

    fn ada() -> ContactDetails {
        ContactDetails {
            first_name: Some(PersonName::from_stored("Ada".into())),
            last_name: Some(PersonName::from_stored("Lovelace".into())),
            email: Some(EmailAddress::from_stored("ada@engine.example".into())),
            phone: Some(Phone::from_stored("+48 22 555 03 10".into(), Some("+48225550310".into()))),
            birthday: None,
            additional_data: Some(Notes::from_stored("Wrote about l'Engine in 1843".into())),
            labels: Labels::from_stored(vec![Label::from_stored("Łódź club".into())]),
        }
    }

    fn matched(q: &str, closeness: Closeness) -> Vec<&'static str> {
        let words: Vec<SearchWord> = q.split(' ').map(SearchWord::new).collect();
        matched_fields(&ada(), &words, closeness).into_iter().map(MatchedField::name).collect()
    }

    #[test]
    fn each_field_that_has_one_of_the_words_is_named() {
        for (q, fields) in [
            ("ada", vec!["first_name", "email"]),
            ("love ada", vec!["first_name", "last_name", "email"]),
            ("engine", vec!["email", "additional_data"]),
            ("l'eng", vec!["additional_data"]),
            ("ngine", vec!["email"]),
            ("lodz", vec!["labels"]),
            ("dz", vec!["labels"]),
            ("0048", vec!["phone"]),
            ("1843", vec!["additional_data"]),
            ("-", vec![]),
            ("byron", vec![]),
        ] {
            assert_eq!(matched(q, Closeness::Exact), fields, "{q}");
        }
    }

    #[test]
    fn words_that_are_near_count_where_they_were_asked_for() {
        assert_eq!(matched("lovelcae", Closeness::Exact), [""; 0]);
        assert_eq!(matched("lovelcae", Closeness::Near), ["last_name"]);
        assert_eq!(matched("engines", Closeness::Near), ["email"]);
        assert_eq!(matched("cl-ab ada", Closeness::Near), ["first_name", "email", "labels"]);
        assert_eq!(matched("wrotte", Closeness::Near), [""; 0]);
    }
}
