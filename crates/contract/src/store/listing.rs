//! The order of a list.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{contact::Contact, contact_query::ContactListRequest, ids::UserId, sort::SortField};

use super::{
    Store, reference,
    steps::{ids, insert, list, names, registered, update},
};
use crate::fixtures::{at, contact, crowd};

/// Every field in both directions.
pub(super) fn every_sort() -> Vec<String> {
    let names = SortField::ALL.map(SortField::name);
    names.into_iter().flat_map(|name| [name.to_owned(), format!("-{name}")]).collect()
}

pub(super) fn sorted_by(sort: &str) -> ContactListRequest {
    ContactListRequest { sort: Some(sort.to_owned()), ..ContactListRequest::default() }
}

pub async fn every_field_sorts_in_both_directions(store: Store) {
    let (owner, crowd) = with_crowd(&store).await;
    for sort in every_sort() {
        assert_sorted(&store, owner, &crowd, sorted_by(&sort)).await;
    }
}

pub async fn several_fields_sort_by_weight(store: Store) {
    let (owner, crowd) = with_crowd(&store).await;
    for sort in [
        "last_name,-created_at",
        "-email,birthday",
        "-birthday,last_name,-first_name",
        "-updated_at,-created_at,email",
        "birthday,email,-last_name,first_name,updated_at,-created_at",
        "-first_name,-last_name,-email,-birthday,-created_at,-updated_at",
    ] {
        assert_sorted(&store, owner, &crowd, sorted_by(sort)).await;
    }
}

pub async fn names_sort_by_family_name_where_nothing_is_said(store: Store) {
    let (owner, crowd) = with_crowd(&store).await;
    assert_sorted(&store, owner, &crowd, ContactListRequest::default()).await;
    let by_default = list(&store, owner, ContactListRequest::default()).await;
    let by_name = list(&store, owner, sorted_by("last_name,first_name")).await;
    assert_eq!(ids(&by_default), ids(&by_name));
}

pub async fn what_is_absent_sorts_last_in_both_directions(store: Store) {
    let owner = registered(&store).await.id;
    let people = [
        contact().last("nothing else"),
        contact().last("with all").first("A").email("z@example.com").birthday("--01-01"),
        contact().last("with all").first("\u{10fffd}").email("a@example.com").birthday("--12-31"),
    ];
    insert(&store, &people.map(|person| person.of(owner))).await;
    for field in ["first_name", "email", "birthday"] {
        for sort in [field.to_owned(), format!("-{field}")] {
            let listed = list(&store, owner, sorted_by(&sort)).await;
            assert_eq!(names(&listed).last().unwrap(), "nothing else", "{sort}");
        }
    }
    // A day without a year comes after the same day of any year.
    let owner = registered(&store).await.id;
    let people = ["--03-01", "2001-03-01", "1999-03-01"];
    let people = people.map(|date| contact().first(date).birthday(date).of(owner));
    insert(&store, &people).await;
    let listed = list(&store, owner, sorted_by("birthday")).await;
    assert_eq!(names(&listed), ["1999-03-01", "2001-03-01", "--03-01"]);
    let listed = list(&store, owner, sorted_by("-birthday")).await;
    assert_eq!(names(&listed), ["2001-03-01", "1999-03-01", "--03-01"]);
}

pub async fn ties_are_broken_by_id(store: Store) {
    let owner = registered(&store).await.id;
    let twins: Vec<Contact> = (0..20).map(|_| contact().first("Ada").email("a@example.com").of(owner)).collect();
    insert(&store, &twins).await;
    let mut expected = ids(&twins);
    expected.sort();
    for sort in every_sort() {
        assert_eq!(ids(&list(&store, owner, sorted_by(&sort)).await), expected, "{sort}");
    }
}

pub async fn sorting_ignores_case_and_accents(store: Store) {
    let owner = registered(&store).await.id;
    let in_order = ["adam", "Ádám B", "ADAM C", "Łódź", "lodz a", "Lodz B", "zoë", "Zoë A", "Толстой", "夏目"];
    let mut people = in_order.map(|name| contact().last(name).of(owner));
    people.reverse();
    insert(&store, &people).await;
    assert_eq!(names(&list(&store, owner, sorted_by("last_name")).await), in_order);
}

pub async fn times_sort_to_the_microsecond(store: Store) {
    let owner = registered(&store).await.id;
    let in_order = [0, 1, 9, 10, 99_999, 100_000, 100_001, 120_000, 999_999, 1_000_000, 60_000_000];
    let mut people = in_order.map(|time| contact().first(&time.to_string()).at(at(time)).of(owner));
    people.reverse();
    insert(&store, &people).await;
    for field in ["created_at", "updated_at"] {
        let mut expected = in_order.map(|time| time.to_string());
        assert_eq!(names(&list(&store, owner, sorted_by(field)).await), expected);
        expected.reverse();
        assert_eq!(names(&list(&store, owner, sorted_by(&format!("-{field}"))).await), expected);
    }
}

pub async fn an_updated_contact_moves_to_its_new_place(store: Store) {
    let (owner, mut crowd) = with_crowd(&store).await;
    for (index, changed) in crowd.iter_mut().enumerate().step_by(7) {
        let details = contact().last("Moved").email("moved@example.com").birthday("--06-15").of(owner).details;
        changed.details = details;
        changed.updated_at = at(10_000_000 + i64::try_from(index).unwrap());
        assert!(update(&store, changed).await);
    }
    for sort in every_sort() {
        assert_sorted(&store, owner, &crowd, sorted_by(&sort)).await;
    }
}

async fn with_crowd(store: &Store) -> (UserId, Vec<Contact>) {
    let owner = registered(store).await.id;
    let crowd = crowd(owner);
    insert(store, &crowd).await;
    (owner, crowd)
}

async fn assert_sorted(store: &Store, owner: UserId, crowd: &[Contact], request: ContactListRequest) {
    let expected = reference::answer(owner, &request, crowd);
    let sort = request.sort.clone();
    let listed = list(store, owner, request).await;
    assert_eq!(ids(&listed), ids(&expected), "{sort:?}: {:?}", names(&listed));
}
