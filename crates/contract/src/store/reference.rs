//! What a list must hold and in which order, computed in memory in the slow, obvious way.
//!
//! How well a contact matches is said here, once for all adapters: a word ranks 0 where it is a whole
//! name, 1 where a name begins with it, 2 where another word of a name, the address or a label does, 3
//! anywhere else in those or in the phone number, 4 in the notes, 5 where it is near a word alone. The ranks of several
//! words add up.

use std::cmp::Ordering;

use contacts_domain::{
    birthday::Birthday,
    birthday_window::BirthdayWindow,
    contact::Contact,
    contact_query::{ContactFilter, ContactListRequest},
    folding::fold,
    ids::UserId,
    phone::Phone,
    search::{Closeness, SearchWord},
};

use super::steps::{nearly, query};

/// The contacts that a request must find among `contacts`, in order.
pub fn answer(owner: UserId, request: &ContactListRequest, contacts: &[Contact]) -> Vec<Contact> {
    found_by(&query(owner, request.clone()).filter, owner, request, contacts)
}

/// The same for what is asked for where nothing was found.
pub fn near_answer(owner: UserId, request: &ContactListRequest, contacts: &[Contact]) -> Vec<Contact> {
    found_by(&nearly(owner, request).filter, owner, request, contacts)
}

fn found_by(filter: &ContactFilter, owner: UserId, request: &ContactListRequest, contacts: &[Contact]) -> Vec<Contact> {
    let of_owner = contacts.iter().filter(|contact| contact.owner == owner);
    let mut found: Vec<Contact> = of_owner.filter(|contact| matches(filter, contact)).cloned().collect();
    let by = |sort: &str, a: &Contact, b: &Contact| compare(sort, a, b).then(a.id.cmp(&b.id));
    match &request.sort {
        Some(sort) => found.sort_by(|a, b| by(sort, a, b)),
        None => found.sort_by(|a, b| {
            let rank = |contact| rank(&filter.words, contact);
            rank(a).cmp(&rank(b)).then_with(|| by("last_name,first_name", a, b))
        }),
    }
    found
}

/// The contacts whose birthday is celebrated in the window, in order.
pub fn birthdays(window: &BirthdayWindow, contacts: &[Contact]) -> Vec<Contact> {
    let date = |contact: &Contact| {
        let occurrence = contact.details.birthday.and_then(|birthday| window.occurrence(birthday));
        occurrence.map(|occurrence| occurrence.date)
    };
    let mut found: Vec<Contact> = contacts.iter().filter(|contact| date(contact).is_some()).cloned().collect();
    found.sort_by(|a, b| {
        let by_name = || compare("last_name,first_name", a, b).then(a.id.cmp(&b.id));
        date(a).cmp(&date(b)).then_with(by_name)
    });
    found
}

fn matches(filter: &ContactFilter, contact: &Contact) -> bool {
    let [first_name, last_name, email] = folded(contact);
    let fields = [(&filter.first_name, &first_name), (&filter.last_name, &last_name), (&filter.email, &email)];
    let fields_match = fields.into_iter().all(|(needle, field)| match (needle, field) {
        (Some(needle), Some(field)) => field.contains(needle.as_str()),
        (Some(_), None) => false,
        (None, _) => true,
    });
    let found = |word: &SearchWord| {
        places(word, contact).is_some() || (filter.closeness == Closeness::Near && is_near(word, contact))
    };
    fields_match && filter.words.iter().all(found)
}

fn rank(words: &[SearchWord], contact: &Contact) -> usize {
    words.iter().map(|word| places(word, contact).unwrap_or(5)).sum()
}

/// The rank of the best place in which a word is found as it stands.
fn places(word: &SearchWord, contact: &Contact) -> Option<usize> {
    let [first_name, last_name, email] = folded(contact);
    let names: Vec<&String> = [&first_name, &last_name].into_iter().flatten().collect();
    let labels = labels(contact);
    let text = word.text();
    let fields = || names.iter().copied().chain(&email).chain(&labels);
    let digits = contact.details.phone.as_ref().map(Phone::search_digits).unwrap_or_default();
    let in_phone = |run: &str| digits.split(' ').any(|spelling| spelling.contains(run));
    let notes = contact.details.additional_data.as_ref().map(|notes| fold(notes.as_str())).unwrap_or_default();
    // The words of notes, for those texts that the cases have.
    let note_words = notes.split(|c: char| !c.is_alphanumeric());
    if names.iter().any(|name| *name == text) {
        Some(0)
    } else if names.iter().any(|name| name.starts_with(text)) {
        Some(1)
    } else if fields().flat_map(|field| field.split(' ')).any(|inner| inner.starts_with(text)) {
        Some(2)
    } else if fields().any(|field| field.contains(text)) || word.digits().is_some_and(in_phone) {
        Some(3)
    } else {
        let begins = |note_word: &str| !note_word.is_empty() && note_word.starts_with(text);
        note_words.into_iter().any(begins).then_some(4)
    }
}

/// Whether leaving out at most one letter of each makes the word the same as one of the contact's.
fn is_near(word: &SearchWord, contact: &Contact) -> bool {
    let without_one = |word: &str| -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let without = |out: usize| letters.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, c)| *c).collect();
        (0..=letters.len()).map(without).collect()
    };
    let can_be_near =
        |word: &str| (4..=32).contains(&word.chars().count()) && word.chars().any(|c| !c.is_ascii_digit());
    let joined = |text: &str| -> String {
        let is_of_name = |c: char| !c.is_ascii_punctuation() || "-'.,".contains(c);
        if text.chars().all(is_of_name) {
            text.chars().filter(|c| c.is_alphanumeric()).collect()
        } else {
            String::new()
        }
    };
    let [first_name, last_name, email] = folded(contact);
    let labels = labels(contact);
    let names = || [&first_name, &last_name].into_iter().flatten().chain(&labels);
    let words = names().chain(&email).flat_map(|field| field.split(|c: char| !c.is_alphanumeric())).map(str::to_owned);
    let mut others = words.chain(names().flat_map(|name| name.split(' ')).map(joined));
    let word = joined(word.text());
    let forms = without_one(&word);
    can_be_near(&word)
        && others.any(|other| can_be_near(&other) && without_one(&other).iter().any(|form| forms.contains(form)))
}

fn labels(contact: &Contact) -> Vec<String> {
    contact.details.labels.as_slice().iter().map(|label| fold(label.as_str())).collect()
}

fn folded(contact: &Contact) -> [Option<String>; 3] {
    let details = &contact.details;
    [
        details.first_name.as_ref().map(|name| fold(name.as_str())),
        details.last_name.as_ref().map(|name| fold(name.as_str())),
        details.email.as_ref().map(|email| fold(email.as_str())),
    ]
}

/// Compares by the terms of a sort. It reads the text by itself, so as not to trust what it tests.
fn compare(sort: &str, a: &Contact, b: &Contact) -> Ordering {
    let compare_by = |term: &str| {
        let (field, descending) = term.strip_prefix('-').map_or((term, false), |field| (field, true));
        let text = |field: usize| absent_last(folded(a)[field].take(), folded(b)[field].take(), descending);
        let day = |contact: &Contact| contact.details.birthday.map(Birthday::month_day);
        let year = |contact: &Contact| contact.details.birthday.and_then(Birthday::year);
        match field {
            "first_name" => text(0),
            "last_name" => text(1),
            "email" => text(2),
            "birthday" => absent_last(day(a), day(b), descending).then(absent_last(year(a), year(b), descending)),
            "created_at" => absent_last(Some(a.created_at), Some(b.created_at), descending),
            "updated_at" => absent_last(Some(a.updated_at), Some(b.updated_at), descending),
            _ => panic!("no such field: {field}"),
        }
    };
    sort.split(',').map(compare_by).fold(Ordering::Equal, Ordering::then)
}

fn absent_last<T: Ord>(a: Option<T>, b: Option<T>, descending: bool) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) if descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
    }
}
