//! Best matches first.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::contact_query::ContactListRequest;

use super::{
    Store, reference,
    search::search,
    steps::{ids, insert, list, names, registered},
};
use crate::fixtures::contact;

pub async fn the_best_matches_come_first(store: Store) {
    let owner = registered(&store).await.id;
    // Each worse match has a name that sorts before the better ones.
    let people = [
        contact().first("Nevada").last("Aa"),
        contact().first("Bo").last("Ab").email("x.ada@example.com"),
        contact().first("Mary Ada").last("Ba"),
        contact().first("Bo").last("Bb").email("ada@example.com"),
        contact().first("Adalbert").last("Ca"),
        contact().first("Bo").last("Adams").email("ada@example.com"),
        contact().first("ADA").last("Da"),
        contact().first("Bo").last("Ada"),
        contact().first("Nobody").last("Aa"),
    ];
    insert(&store, &people.map(|person| person.of(owner))).await;
    let listed = names(&list(&store, owner, search("áda")).await);
    let mut expected = vec!["Bo Ada", "ADA Da"];
    expected.extend(["Bo Adams", "Adalbert Ca"]);
    expected.extend(["Mary Ada Ba", "Bo Bb"]);
    expected.extend(["Nevada Aa", "Bo Ab"]);
    assert_eq!(listed, expected);
}

pub async fn every_word_counts(store: Store) {
    let owner = registered(&store).await.id;
    let people = [
        contact().first("Nevada").last("Clovelly"),
        contact().first("Adalbert").last("Lovell").phone("555 01 02"),
        contact().first("Ada").last("Lovelace"),
        contact().first("Ada").last("Love").email("ada.love@example.com"),
        contact().first("Love").last("Adams"),
        contact().first("Mary Ada").last("Love").phone("555 01 02"),
    ];
    let people = people.map(|person| person.of(owner));
    insert(&store, &people).await;
    let listed = names(&list(&store, owner, search("ada love")).await);
    // One whole name and one beginning twice: equal, so by name.
    let expected = ["Ada Love", "Love Adams", "Ada Lovelace", "Mary Ada Love", "Adalbert Lovell", "Nevada Clovelly"];
    assert_eq!(listed, expected);
    for words in ["love", "love ada", "555 ada", "ada love e", "lov ada ada"] {
        let expected = reference::answer(owner, &search(words), &people);
        let listed = list(&store, owner, search(words)).await;
        assert_eq!(ids(&listed), ids(&expected), "{words:?}: {:?}", names(&listed));
    }
}

pub async fn equal_matches_sort_by_name(store: Store) {
    let owner = registered(&store).await.id;
    let people = ["Żak", "zak", "Abel", "Łódź", "Mo"].map(|last| contact().first("Ada").last(last).of(owner));
    insert(&store, &people).await;
    let expected = reference::answer(owner, &search("ada"), &people);
    let listed = list(&store, owner, search("ada")).await;
    assert_eq!(ids(&listed), ids(&expected));
    assert_eq!(names(&listed)[..3], ["Ada Abel", "Ada Łódź", "Ada Mo"]);
}

pub async fn a_sort_that_was_asked_for_beats_relevance(store: Store) {
    let owner = registered(&store).await.id;
    let people = ["Nevada", "Adalbert", "Ada", "Mary Ada"].map(|first| contact().first(first).of(owner));
    insert(&store, &people).await;
    let request = ContactListRequest { sort: Some("-first_name".into()), ..search("ada") };
    let listed = names(&list(&store, owner, request).await);
    assert_eq!(listed, ["Nevada", "Mary Ada", "Adalbert", "Ada"]);
}
