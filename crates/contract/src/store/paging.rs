//! Paging: every contact once, whatever the size of the pages and whoever writes meanwhile.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::collections::HashSet;

use chrono::NaiveDate;
use contacts_domain::{
    birthday_query::BirthdayListRequest, contact::Contact, contact_query::ContactListRequest, ids::ContactId,
    user::User,
};

use super::{
    Store,
    listing::{every_sort, sorted_by},
    search::search,
    steps::{birthdays, client_page, delete, ids, insert, names, registered, update},
};
use crate::fixtures::{self, at, contact, crowd, unique_uuid};

/// What a list is asked for: a page of it, after a cursor.
type Page = (Vec<Contact>, Option<String>);

pub async fn pages_of_any_size_make_up_the_list_in_every_order(store: Store) {
    let user = registered(&store).await;
    insert(&store, &crowd(user.id)).await;
    for request in every_order() {
        for limit in [1, 2, 3, 7, 59, 60, 61] {
            let collected =
                collect(limit, async |cursor| list_page(&store, &user, &request, limit, cursor).await).await;
            let (whole, _) = list_page(&store, &user, &request, 200, None).await;
            assert_eq!(whole.len(), 60);
            assert_eq!(ids(&collected), ids(&whole), "{request:?} by {limit}");
        }
    }
}

pub async fn pages_of_any_size_make_up_a_search(store: Store) {
    let user = registered(&store).await;
    insert(&store, &crowd(user.id)).await;
    for words in ["a", "ada", "example", "o", "0 5", "lodz a"] {
        let request = search(words);
        let (whole, _) = list_page(&store, &user, &request, 200, None).await;
        assert!(whole.len() > 3, "{words} finds too few to page: {:?}", names(&whole));
        for limit in [1, 2, 3, 7] {
            let collected =
                collect(limit, async |cursor| list_page(&store, &user, &request, limit, cursor).await).await;
            assert_eq!(ids(&collected), ids(&whole), "{words:?} by {limit}");
        }
    }
}

pub async fn pages_of_any_size_make_up_the_birthdays(store: Store) {
    let user = registered(&store).await;
    insert(&store, &crowd(user.id)).await;
    for from in ["2026-11-22", "2027-02-27", "2028-02-29", "2026-03-01"] {
        let (whole, _) = birthday_page(&store, &user, from, 200, None).await;
        assert!(whole.len() > 40);
        for limit in [1, 2, 3, 7] {
            let page = async |cursor| birthday_page(&store, &user, from, limit, cursor).await;
            let collected = collect(limit, page).await;
            assert_eq!(ids(&collected), ids(&whole), "from {from} by {limit}");
        }
    }
}

pub async fn only_the_last_page_has_no_next_one(store: Store) {
    let user = registered(&store).await;
    let request = ContactListRequest::default();
    let (nothing, next) = list_page(&store, &user, &request, 1, None).await;
    assert_eq!((nothing, next), (vec![], None), "an empty list has one page");
    let people: Vec<Contact> = (0..6).map(|_| contact().first("Ada").birthday("--12-10").of(user.id)).collect();
    insert(&store, &people).await;
    for limit in 1..=7 {
        let expected = 6_usize.div_ceil(limit);
        for request in [request.clone(), sorted_by("-email"), search("ada")] {
            let mut pages = 0;
            let page = async |cursor| list_page(&store, &user, &request, limit, cursor).await;
            walk(page, async |_| pages += 1).await;
            assert_eq!(pages, expected, "{request:?} by {limit}");
        }
        let mut pages = 0;
        let page = async |cursor| birthday_page(&store, &user, "2026-11-22", limit, cursor).await;
        walk(page, async |_| pages += 1).await;
        assert_eq!(pages, expected, "birthdays by {limit}");
    }
}

pub async fn paging_is_undisturbed_by_writes_in_every_order(store: Store) {
    for request in every_order() {
        let user = registered(&store).await;
        let page = async |limit, cursor| list_page(&store, &user, &request, limit, cursor).await;
        page_while_others_write(&store, &user, page).await;
    }
}

pub async fn paging_a_search_is_undisturbed_by_writes(store: Store) {
    for words in ["a", "example", "o"] {
        let user = registered(&store).await;
        let request = search(words);
        let page = async |limit, cursor| list_page(&store, &user, &request, limit, cursor).await;
        page_while_others_write(&store, &user, page).await;
    }
}

pub async fn paging_birthdays_is_undisturbed_by_writes(store: Store) {
    for from in ["2026-12-11", "2027-02-28", "2028-02-29"] {
        let user = registered(&store).await;
        let page = async |limit, cursor| birthday_page(&store, &user, from, limit, cursor).await;
        page_while_others_write(&store, &user, page).await;
    }
}

/// Pages by five. Between two pages the contact that the cursor points at is deleted, one that is
/// still to come is deleted, another is changed, and twins of a delivered and of a coming one appear.
async fn page_while_others_write(store: &Store, user: &User, page: impl AsyncFn(usize, Option<String>) -> Page) {
    insert(store, &crowd(user.id)).await;
    let (before, _) = page(200, None).await;
    let mut coming = before.clone();
    let (mut deleted, mut changed, mut delivered) = (Vec::new(), Vec::new(), Vec::new());
    walk(
        async |cursor| page(5, cursor).await,
        async |items: &[Contact]| {
            let risen: Vec<_> = items.iter().filter(|contact| deleted.contains(&contact.id)).collect();
            assert!(risen.is_empty(), "deleted contacts were delivered: {risen:?}");
            delivered.extend_from_slice(items);
            coming.retain(|contact| !items.contains(contact));
            let anchor = items.last().expect("a page that others follow is not empty");
            assert!(delete(store, user.id, anchor.id).await);
            deleted.push(anchor.id);
            if coming.len() > 12 {
                let victim = coming.remove(3);
                assert!(delete(store, user.id, victim.id).await);
                deleted.push(victim.id);
                let moved = moved(coming.remove(7));
                assert!(update(store, &moved).await);
                changed.push(moved.id);
                insert(store, &[twin(anchor), twin(&coming[0]), twin(&coming[8])]).await;
            }
        },
    )
    .await;

    let mut seen = HashSet::new();
    for contact in &delivered {
        let first_time = seen.insert(contact.id);
        assert!(first_time || changed.contains(&contact.id), "delivered twice: {contact:?}");
    }
    // Those that were there before, are there now, and did not change: each once and in order. What
    // was deleted after its delivery was delivered rightly.
    let undelivered = |id: &ContactId| deleted.contains(id) && !seen.contains(id);
    let expected: Vec<_> = ids(&before).into_iter().filter(|id| !changed.contains(id) && !undelivered(id)).collect();
    let unchanged: Vec<_> = ids(&delivered).into_iter().filter(|id| expected.contains(id)).collect();
    assert_eq!(unchanged, expected);
}

/// The same contact with other details, and so in another place of most lists.
fn moved(contact: Contact) -> Contact {
    let details = fixtures::contact().first("Ada").last("Example o").email("a@example.com").birthday("--01-15");
    Contact { details: details.of(contact.owner).details, updated_at: at(20_000_000), ..contact }
}

/// The same in everything but the id.
fn twin(contact: &Contact) -> Contact {
    Contact { id: ContactId::new(unique_uuid()), ..contact.clone() }
}

/// All items, page by page. Every page but the last must be full.
async fn collect(limit: usize, page: impl AsyncFn(Option<String>) -> Page) -> Vec<Contact> {
    let mut sizes = Vec::new();
    let mut collected = Vec::new();
    walk(page, async |items: &[Contact]| {
        sizes.push(items.len());
        collected.extend_from_slice(items);
    })
    .await;
    let last = sizes.pop().expect("there is a page");
    assert!(sizes.iter().all(|size| *size == limit), "a page is not full: {sizes:?}");
    assert!((1..=limit).contains(&last), "the last page holds {last}");
    collected
}

/// Follows the cursors to the end.
async fn walk(page: impl AsyncFn(Option<String>) -> Page, mut visit: impl AsyncFnMut(&[Contact])) {
    let mut cursor = None;
    // More pages than any list here has: a cursor that stands still must not hang the tests.
    for _ in 0..500 {
        let (items, next) = page(cursor).await;
        visit(&items).await;
        match next {
            Some(next) => cursor = Some(next),
            None => return,
        }
    }
    panic!("paging does not end");
}

async fn list_page(
    store: &Store,
    user: &User,
    request: &ContactListRequest,
    limit: usize,
    cursor: Option<String>,
) -> Page {
    let request = ContactListRequest { limit: Some(limit.to_string()), ..request.clone() };
    client_page(store, user.id, &request, cursor).await
}

/// A page of a year of birthdays.
async fn birthday_page(store: &Store, user: &User, from: &str, limit: usize, cursor: Option<String>) -> Page {
    let request = BirthdayListRequest {
        days: Some("366".into()),
        from: Some(from.to_owned()),
        limit: Some(limit.to_string()),
        cursor,
        ..BirthdayListRequest::default()
    };
    let list = request.validate(user, at(0)).expect("a valid request");
    assert_eq!(list.query.window.from(), from.parse::<NaiveDate>().unwrap());
    let slice = birthdays(store, user.id, &list.query).await;
    (slice.items, slice.next.map(|position| list.cursor(position)))
}

fn every_order() -> Vec<ContactListRequest> {
    let mut requests = vec![ContactListRequest::default()];
    requests.extend(every_sort().iter().map(|sort| sorted_by(sort)));
    requests.push(sorted_by("-birthday,last_name,-first_name"));
    requests.push(sorted_by("email,-updated_at,created_at"));
    requests
}
