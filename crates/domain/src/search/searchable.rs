//! What of a contact is searched, as it is stored.

use super::{terms::Terms, words::words};
use crate::{
    contact::ContactDetails, email_address::EmailAddress, folding::fold, ids::UserId, notes::Notes,
    person_name::PersonName, phone::Phone,
};

/// What of a contact is searched, folded. An adapter stores it beside the contact, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Searchable {
    /// `None` where there is none; for filters and for sorting, as the next two.
    pub first_name: Option<String>,
    /// `None` where there is none.
    pub last_name: Option<String>,
    /// `None` where there is none.
    pub email: Option<String>,
    /// A space before each: first name, last name, e-mail, labels.
    pub text: String,
    /// The words of the notes, a space before each.
    pub note_words: String,
    /// The digits of the phone number in every spelling, separated by spaces.
    pub phone_digits: String,
    /// What an index finds the contact by, separated by spaces; see [`TermQuery`](super::TermQuery).
    pub terms: String,
}

impl Searchable {
    /// Everything that a search needs to know of a contact; the birthday is none of it. The same details of the same
    /// owner always make the same, until [`FOLD_VERSION`](crate::folding::FOLD_VERSION) changes.
    pub fn new(owner: UserId, details: &ContactDetails) -> Self {
        let ContactDetails { first_name, last_name, email, phone, birthday: _, additional_data, labels } = details;
        let [first_name, last_name] =
            [first_name, last_name].map(|name| name.as_ref().map(PersonName::as_str).map(fold));
        let email = email.as_ref().map(EmailAddress::as_str).map(fold);
        let labels: Vec<String> = labels.as_slice().iter().map(|label| fold(label.as_str())).collect();
        let names = || [&first_name, &last_name].into_iter().flatten();
        let mut text = String::new();
        for folded in names().chain(&email).chain(&labels) {
            text.push(' ');
            text.push_str(folded);
        }
        let note_words = additional_data.as_ref().map(words_of_notes).unwrap_or_default();
        let phone_digits = phone.as_ref().map(Phone::search_digits).unwrap_or_default();
        let mut terms = Terms::of(owner);
        for name in names().chain(&labels) {
            terms.add_name(name);
        }
        if let Some(email) = &email {
            terms.add_email(email);
        }
        terms.add_notes(&note_words);
        terms.add_phone(&phone_digits);
        let terms = terms.joined();
        Self { first_name, last_name, email, text, note_words, phone_digits, terms }
    }
}

/// The words of the notes, a space before each.
pub(super) fn words_of_notes(notes: &Notes) -> String {
    let folded = fold(notes.as_str());
    let mut spaced = String::with_capacity(folded.len() + 1);
    for word in words(&folded) {
        spaced.push(' ');
        spaced.push_str(word);
    }
    spaced
}
