//! Searching for words that are near, where nothing is found as it stands.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{contact::Contact, contact_query::ContactListRequest, cursor, ids::UserId};

use super::{
    Store,
    listing::every_sort,
    reference,
    search::search,
    steps::{count, ids, insert, names, nearly, page, registered},
};
use crate::fixtures::{contact, crowd};

pub async fn every_near_search_agrees_with_the_reference(store: Store) {
    let owner = registered(&store).await.id;
    let crowd = crowd(owner);
    insert(&store, &crowd).await;
    for words in [
        "lucija",
        "emle",
        "lozd ada",
        "famly",
        "chss club",
        "exmaple 48",
        "exampel",
        "exampel.com",
        "angstorm",
        "o'harra",
        "nobody",
        "lodz ada",
        "engin",
        "longeronx ada",
        "family 0161 adaa",
    ] {
        let request = search(words);
        let expected = reference::near_answer(owner, &request, &crowd);
        let found = near(&store, owner, &request).await;
        assert_eq!(ids(&found), ids(&expected), "{words:?}: {:?}", names(&found));
    }
}

pub async fn a_slip_finds_the_word(store: Store) {
    let owner = registered(&store).await.id;
    let people = [
        contact().first("Ada").last("Lovelace").email("countess@example.com"),
        contact().first("Maria").last("Skłodowska-Curie"),
        contact().first("Bo").last("Lee").labels(&["Chess club"]),
        contact().first("夏目").last("Толстой"),
    ];
    insert(&store, &people.map(|person| person.of(owner))).await;
    for (words, expected) in [
        ("lovelcae", vec!["Ada Lovelace"]),
        ("LOVELAC3", vec!["Ada Lovelace"]),
        ("lovellace ada", vec!["Ada Lovelace"]),
        ("ovelace", vec!["Ada Lovelace"]),
        ("contess", vec!["Ada Lovelace"]),
        ("skłodovska", vec!["Maria Skłodowska-Curie"]),
        ("currie mari", vec!["Maria Skłodowska-Curie"]),
        ("sklodowskacurie", vec!["Maria Skłodowska-Curie"]),
        ("skłodowska-curry", vec![]),
        ("skłodowska–cure", vec!["Maria Skłodowska-Curie"]),
        ("ches clbu", vec!["Bo Lee"]),
        ("Толстои", vec!["夏目 Толстой"]),
        ("Толсто́jй", vec!["夏目 Толстой"]),
        ("lovvelcae", vec![]),
        ("lovelcae maria", vec![]),
    ] {
        let found = near(&store, owner, &search(words)).await;
        assert_eq!(names(&found), expected, "{words:?}");
    }
}

pub async fn words_that_are_as_they_stand_come_first(store: Store) {
    let owner = registered(&store).await.id;
    let people = [
        contact().first("Ada").last("Aalovelacs"),
        contact().first("Bo").last("Lovelace").email("ada@example.com"),
        contact().first("Ada").last("Lovelace"),
        contact().first("Adam").last("Lovelace"),
    ];
    insert(&store, &people.map(|person| person.of(owner))).await;
    let found = names(&near(&store, owner, &search("ada lovelacs")).await);
    assert_eq!(found, ["Ada Aalovelacs", "Ada Lovelace", "Adam Lovelace", "Bo Lovelace"]);
}

pub async fn a_near_search_keeps_to_its_filters_and_its_owner(store: Store) {
    let owner = registered(&store).await.id;
    let other = registered(&store).await.id;
    let people = [
        contact().first("Ada").last("Lovelace").labels(&["Chess"]).of(owner),
        contact().first("Bo").last("Lovelace").of(owner),
        contact().first("Cy").last("Lovelace").of(other),
    ];
    insert(&store, &people[..2]).await;
    insert(&store, &people[2..]).await;
    let request = search("lovelcae");
    assert_eq!(names(&near(&store, owner, &request).await), ["Ada Lovelace", "Bo Lovelace"]);
    let labelled = ContactListRequest { label: Some("CHESS".into()), ..request.clone() };
    assert_eq!(names(&near(&store, owner, &labelled).await), ["Ada Lovelace"]);
    let named = ContactListRequest { first_name: Some("o".into()), ..request.clone() };
    assert_eq!(names(&near(&store, owner, &named).await), ["Bo Lovelace"]);
    assert_eq!(names(&near(&store, other, &request).await), ["Cy Lovelace"]);
    assert_eq!(count(&store, owner, request.clone()).await, 0);
    let filter = nearly(owner, &request).filter;
    assert_eq!(store.read().contacts().count(owner, &filter).await.expect("contacts can be counted"), 2);
}

pub async fn pages_of_any_size_make_up_a_near_search_in_every_order(store: Store) {
    let owner = registered(&store).await.id;
    insert(&store, &crowd(owner)).await;
    for sort in every_sort().into_iter().map(Some).chain([None]) {
        let request = ContactListRequest { sort, ..search("exmaple") };
        let whole = near(&store, owner, &request).await;
        assert!(whole.len() > 20, "too few to page: {}", whole.len());
        for limit in ["1", "7"] {
            let request = ContactListRequest { limit: Some(limit.into()), ..request.clone() };
            let (mut collected, mut cursor) = near_page(&store, owner, &request, None).await;
            while cursor.is_some() {
                let (items, next) = near_page(&store, owner, &request, cursor).await;
                collected.extend(items);
                cursor = next;
            }
            assert_eq!(ids(&collected), ids(&whole), "{:?} by {limit}", request.sort);
        }
    }
}

/// Everything that is found near the words of a request.
async fn near(store: &Store, owner: UserId, request: &ContactListRequest) -> Vec<Contact> {
    let slice = page(store, owner, &nearly(owner, request)).await;
    assert_eq!(slice.next, None, "there is more than a page");
    slice.items
}

/// A page, in the way of a client: the first one is asked for where nothing was found, the others by cursor alone.
async fn near_page(
    store: &Store,
    owner: UserId,
    request: &ContactListRequest,
    cursor: Option<String>,
) -> (Vec<Contact>, Option<String>) {
    let resumed = ContactListRequest { cursor, ..request.clone() };
    let (query, scope) = resumed.validate(owner).expect("a valid request");
    let (query, scope) = query.nearly(&scope).unwrap_or((query, scope));
    let slice = page(store, owner, &query).await;
    (slice.items, slice.next.map(|position| cursor::encode(scope, &position)))
}
