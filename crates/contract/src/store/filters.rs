//! Filters: parts of a field, whatever the case and the accents.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{contact::Contact, contact_query::ContactListRequest, ids::UserId};

use super::{
    Store, reference,
    steps::{count, ids, insert, list, names, registered, update},
};
use crate::fixtures::{contact, crowd};

pub async fn every_filter_agrees_with_the_reference(store: Store) {
    let owner = registered(&store).await.id;
    let crowd = crowd(owner);
    insert(&store, &crowd).await;
    for request in filters() {
        let expected = reference::answer(owner, &request, &crowd);
        let listed = list(&store, owner, request.clone()).await;
        assert_eq!(ids(&listed), ids(&expected), "{request:?}: {:?}", names(&listed));
    }
}

pub async fn a_filter_finds_any_part_of_its_field(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Augusta Ada").last("King-Noel").email("countess.lovelace@example.com");
    insert(&store, &[ada.of(owner), contact().first("Charles").of(owner)]).await;
    for part in ["Augusta Ada", "Augusta", "gust", "a A", "Ada", "a"] {
        let found = list(&store, owner, first_name(part)).await;
        assert!(names(&found).contains(&"Augusta Ada King-Noel".to_owned()), "{part}");
    }
    for part in ["King-Noel", "King", "g-N", "noel", "-"] {
        assert_found(&store, owner, last_name(part), &["Augusta Ada King-Noel"]).await;
    }
    for part in ["countess.lovelace@example.com", "countess", ".love", "@EXAMPLE", ".com"] {
        assert_found(&store, owner, email(part), &["Augusta Ada King-Noel"]).await;
    }
    for nothing in ["Adaa", "sugu", "gusta  a"] {
        assert_found(&store, owner, first_name(nothing), &[]).await;
    }
}

pub async fn case_and_accents_make_no_difference(store: Store) {
    let owner = registered(&store).await.id;
    let people = ["Łódź", "Gauß", "Дми́трий", "Ὀδυσσεύς", "İhsan", "夏目漱石", "ﬁligree"];
    insert(&store, &people.map(|name| contact().first(name).of(owner))).await;
    for (part, expected) in [
        ("lodz", "Łódź"),
        ("ŁÓD", "Łódź"),
        ("o\u{301}dz", "Łódź"),
        ("gauss", "Gauß"),
        ("GAUẞ", "Gauß"),
        ("ДМИТ", "Дми́трий"),
        ("οδυσσευσ", "Ὀδυσσεύς"),
        ("IHSAN", "İhsan"),
        ("目漱", "夏目漱石"),
        ("FILI", "ﬁligree"),
    ] {
        assert_found(&store, owner, first_name(part), &[expected]).await;
    }
}

pub async fn wildcards_are_ordinary_characters(store: Store) {
    let owner = registered(&store).await.id;
    let people = ["100%", "1000", "a_b", "axb", r"c\d", "cxd", r"\%", "[ab]", "a*b"];
    let twice_named = |name| contact().first(name).last(name).of(owner);
    insert(&store, &people.map(twice_named)).await;
    for (part, expected) in [
        ("%", vec!["100%", r"\%"]),
        ("_", vec!["a_b"]),
        (r"\", vec![r"\%", r"c\d"]),
        (r"\%", vec![r"\%"]),
        (r"\\", vec![]),
        ("%%", vec![]),
        ("0%", vec!["100%"]),
        ("1%", vec![]),
        ("a_", vec!["a_b"]),
        ("*", vec!["a*b"]),
        ("[ab]", vec!["[ab]"]),
        ("?", vec![]),
    ] {
        let twice = |name: &&str| format!("{name} {name}");
        let mut expected: Vec<String> = expected.iter().map(twice).collect();
        expected.sort();
        for request in [first_name(part), last_name(part)] {
            let mut found = names(&list(&store, owner, request).await);
            found.sort();
            assert_eq!(found, expected, "{part}");
        }
    }
    let people = ["a_b@example.com", "axb@example.com", "a%b@example.com"];
    let owner = registered(&store).await.id;
    insert(&store, &people.map(|address| contact().first(address).email(address).of(owner))).await;
    assert_found(&store, owner, email("a_b"), &["a_b@example.com"]).await;
    assert_found(&store, owner, email("a%b"), &["a%b@example.com"]).await;
}

pub async fn all_filters_must_match(store: Store) {
    let owner = registered(&store).await.id;
    let person = |first, last, address| contact().first(first).last(last).email(address).of(owner);
    insert(
        &store,
        &[
            person("Ada", "Lovelace", "ada@example.com"),
            person("Ada", "Lovelace", "ada@example.org"),
            person("Ada", "Byron", "ada@example.com"),
            person("Anne", "Lovelace", "anne@example.com"),
        ],
    )
    .await;
    let request =
        ContactListRequest { email: Some(".com".into()), last_name: Some("love".into()), ..first_name("ada") };
    assert_found(&store, owner, request.clone(), &["Ada Lovelace"]).await;
    let with_words = |q: &str| ContactListRequest { q: Some(q.into()), ..request.clone() };
    assert_found(&store, owner, with_words("lace example"), &["Ada Lovelace"]).await;
    assert_found(&store, owner, with_words("anne"), &[]).await;
}

pub async fn what_is_absent_matches_no_filter(store: Store) {
    let owner = registered(&store).await.id;
    insert(&store, &[contact().first("Ada").of(owner)]).await;
    // Whatever stands in for nothing where it is stored, it is not text.
    for part in ["a", "null", "none", "%", "_", "\u{10ffff}", "\u{ffff}", "\u{10fffd}", "~"] {
        assert_found(&store, owner, last_name(part), &[]).await;
        assert_found(&store, owner, email(part), &[]).await;
    }
    let owner = registered(&store).await.id;
    insert(&store, &[contact().last("Lovelace").of(owner)]).await;
    for part in ["a", "\u{10ffff}"] {
        assert_found(&store, owner, first_name(part), &[]).await;
    }
}

pub async fn an_updated_contact_is_found_by_its_new_values_alone(store: Store) {
    let owner = registered(&store).await.id;
    let before = contact().first("Augusta").last("Byron").email("byron@example.com").phone("123 456").of(owner);
    insert(&store, std::slice::from_ref(&before)).await;
    let after = contact().first("Ada").last("Lovelace").email("ada@example.com").phone("987 654").of(owner);
    assert!(update(&store, &Contact { id: before.id, ..after }).await);
    let search = |q: &str| ContactListRequest { q: Some(q.into()), ..ContactListRequest::default() };
    for old in [first_name("aug"), last_name("byr"), email("byr"), search("byron"), search("3456")] {
        assert_found(&store, owner, old, &[]).await;
    }
    for new in [first_name("ada"), last_name("love"), email("ada"), search("lovelace"), search("7654")] {
        assert_found(&store, owner, new, &["Ada Lovelace"]).await;
    }
}

pub async fn a_count_is_the_length_of_the_whole_list(store: Store) {
    let owner = registered(&store).await.id;
    insert(&store, &crowd(owner)).await;
    for request in filters() {
        let length = list(&store, owner, request.clone()).await.len() as u64;
        assert_eq!(count(&store, owner, request.clone()).await, length, "{request:?}");
        let small = ContactListRequest { limit: Some("1".into()), ..request };
        assert_eq!(count(&store, owner, small).await, length);
    }
}

fn filters() -> Vec<ContactListRequest> {
    let texts = ["a", "ada", "LODZ", "ł", "z", "'", "_100%", "%", "_", "@", "example.com", "目", "nobody", "o'h"];
    let mut requests = vec![ContactListRequest::default()];
    for text in texts {
        requests.extend([first_name(text), last_name(text), email(text)]);
        requests.push(ContactListRequest {
            last_name: Some("o".into()),
            sort: Some("-email,first_name".into()),
            ..first_name(text)
        });
    }
    requests
}

fn first_name(part: &str) -> ContactListRequest {
    ContactListRequest { first_name: Some(part.to_owned()), ..ContactListRequest::default() }
}

fn last_name(part: &str) -> ContactListRequest {
    ContactListRequest { last_name: Some(part.to_owned()), ..ContactListRequest::default() }
}

fn email(part: &str) -> ContactListRequest {
    ContactListRequest { email: Some(part.to_owned()), ..ContactListRequest::default() }
}

async fn assert_found(store: &Store, owner: UserId, request: ContactListRequest, expected: &[&str]) {
    let found = list(store, owner, request.clone()).await;
    assert_eq!(names(&found), expected, "{request:?}");
}
