//! What a list must hold and in which order, computed in memory in the slow, obvious way.
//!
//! How well a contact matches is said here, once for all adapters: a word ranks 0 where it is a whole
//! name, 1 where a name begins with it, 2 where another word of a name or the address does, 3
//! anywhere else. The ranks of several words add up.

use std::cmp::Ordering;

use contacts_domain::{
    birthday::Birthday,
    birthday_window::BirthdayWindow,
    contact::Contact,
    contact_query::{ContactFilter, ContactListRequest, SearchWord},
    folding::fold,
    ids::UserId,
    phone::Phone,
};

use super::steps::query;

/// The contacts that a request must find among `contacts`, in order.
pub fn answer(owner: UserId, request: &ContactListRequest, contacts: &[Contact]) -> Vec<Contact> {
    let filter = query(owner, request.clone()).filter;
    let of_owner = contacts.iter().filter(|contact| contact.owner == owner);
    let mut found: Vec<Contact> = of_owner.filter(|contact| matches(&filter, contact)).cloned().collect();
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
    let digits = contact.details.phone.as_ref().map(Phone::search_digits).unwrap_or_default();
    let word_matches = |word: &SearchWord| {
        let in_text = [&first_name, &last_name, &email].into_iter().flatten().any(|field| field.contains(word.text()));
        in_text || word.digits().is_some_and(|run| digits.split(' ').any(|spelling| spelling.contains(run)))
    };
    fields_match && filter.words.iter().all(word_matches)
}

fn rank(words: &[SearchWord], contact: &Contact) -> usize {
    let [first_name, last_name, email] = folded(contact);
    let names: Vec<&String> = [&first_name, &last_name].into_iter().flatten().collect();
    let rank_of = |word: &SearchWord| {
        let word = word.text();
        let mut inner_words = names.iter().copied().chain(&email).flat_map(|field| field.split(' '));
        if names.iter().any(|name| *name == word) {
            0
        } else if names.iter().any(|name| name.starts_with(word)) {
            1
        } else if inner_words.any(|inner| inner.starts_with(word)) {
            2
        } else {
            3
        }
    };
    words.iter().map(rank_of).sum()
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
