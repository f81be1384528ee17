//! Searching: every word, in the names, the address and the phone.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{contact_query::ContactListRequest, ids::UserId};

use super::{
    Store, reference,
    steps::{ids, insert, list, names, registered},
};
use crate::fixtures::{contact, crowd};

pub(super) fn search(words: &str) -> ContactListRequest {
    ContactListRequest { q: Some(words.to_owned()), ..ContactListRequest::default() }
}

pub async fn every_search_agrees_with_the_reference(store: Store) {
    let owner = registered(&store).await.id;
    let crowd = crowd(owner);
    insert(&store, &crowd).await;
    for words in [
        "a",
        "ad",
        "ada",
        "ADA Łódź",
        "lodz ada",
        "é",
        "o'h",
        "夏",
        "夏目 z",
        "example",
        "b@example.com",
        "a_b",
        "_",
        "%",
        "100%",
        "48",
        "+48 22",
        "0161",
        "0161 ada",
        "496-0002 lodz",
        "22 22 22",
        "nobody",
        "ada nobody",
        "- .",
        "family",
        "chess ada",
        "ess",
        "engine",
        "1843",
        "ngine",
        "b@example.com lodz club",
        "longeron",
        "longerons-and-more",
    ] {
        let request = search(words);
        let expected = reference::answer(owner, &request, &crowd);
        let listed = list(&store, owner, request).await;
        assert_eq!(ids(&listed), ids(&expected), "{words:?}: {:?}", names(&listed));
    }
}

pub async fn a_word_is_found_in_either_name_and_the_address(store: Store) {
    let owner = registered(&store).await.id;
    let people = [
        contact().first("Lodzia"),
        contact().first("Jan").last("Bałódź"),
        contact().first("Ewa").email("ewa@lodz.example.com"),
        contact().first("Adam").last("Nowak").email("adam@example.com"),
    ];
    insert(&store, &people.map(|person| person.of(owner))).await;
    for word in ["lodz", "ŁÓDŹ", "lódz", "  lodz  "] {
        let mut found = names(&list(&store, owner, search(word)).await);
        found.sort();
        assert_eq!(found, ["Ewa", "Jan Bałódź", "Lodzia"], "{word:?}");
    }
    // Shorter than any index would like.
    for (short, expected) in [("n", vec!["Adam Nowak", "Jan Bałódź"]), ("ow", vec!["Adam Nowak"]), ("nw", vec![])] {
        assert_found(&store, owner, short, &expected).await;
    }
}

pub async fn every_word_must_be_found(store: Store) {
    let owner = registered(&store).await.id;
    let person = |first, last, address, phone| contact().first(first).last(last).email(address).phone(phone).of(owner);
    insert(
        &store,
        &[
            person("Ada", "Lovelace", "ada@example.com", "+48 22 555 03 10"),
            person("Ada", "Byron", "byron@example.com", "+44 20 7946 0000"),
        ],
    )
    .await;
    for (words, expected) in [
        ("ada love", vec!["Ada Lovelace"]),
        ("love ada", vec!["Ada Lovelace"]),
        ("LOVE\tada\u{a0}example.com", vec!["Ada Lovelace"]),
        ("ada 555", vec!["Ada Lovelace"]),
        ("ada 7946 by", vec!["Ada Byron"]),
        ("ada 555 byron", vec![]),
        ("ada ada ada", vec!["Ada Byron", "Ada Lovelace"]),
        ("love byron", vec![]),
    ] {
        assert_found(&store, owner, words, &expected).await;
    }
}

pub async fn a_phone_is_found_in_any_spelling(store: Store) {
    let owner = registered(&store).await.id;
    let people = [("Warsaw", "+48 22 555 03 10"), ("Leeds", "0044 (161) 496-0002"), ("Local", "0161 496 0009")];
    insert(&store, &people.map(|(name, phone)| contact().first(name).phone(phone).of(owner))).await;
    for (words, expected) in [
        ("0048 22", vec!["Warsaw"]),
        ("+48 22", vec!["Warsaw"]),
        ("22 555", vec!["Warsaw"]),
        ("+48225550310", vec!["Warsaw"]),
        ("0048225550310", vec!["Warsaw"]),
        ("22-555-03-10", vec!["Warsaw"]),
        ("(22)555.03/10", vec!["Warsaw"]),
        ("310", vec!["Warsaw"]),
        ("+44 161", vec!["Leeds"]),
        ("0044161", vec!["Leeds"]),
        ("0161-496-0002", vec!["Leeds"]),
        ("0161 496", vec!["Leeds", "Local"]),
        ("161-496", vec!["Leeds", "Local"]),
        // Nobody said in which country this one is dialled.
        ("+44 0009", vec![]),
        ("0049", vec![]),
        ("22 556", vec![]),
        ("2255503101", vec![]),
        // The end of one spelling and the beginning of the next are not one number.
        ("0002016", vec![]),
    ] {
        assert_found(&store, owner, words, &expected).await;
    }
}

pub async fn words_with_wildcards_find_only_themselves(store: Store) {
    let owner = registered(&store).await.id;
    let people = ["100%", "1000", "a_b", "axb", r"c\d", "cxd"].map(|name| contact().first(name).of(owner));
    insert(&store, &people).await;
    for (word, expected) in [
        ("%", vec!["100%"]),
        ("100%", vec!["100%"]),
        ("a_b", vec!["a_b"]),
        ("_", vec!["a_b"]),
        (r"c\d", vec![r"c\d"]),
        (r"\", vec![r"c\d"]),
        ("%%", vec![]),
    ] {
        assert_found(&store, owner, word, &expected).await;
    }
}

pub async fn labels_are_searched(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").labels(&["Book Club", "Łódź"]).of(owner);
    insert(&store, &[ada, contact().first("Bo").labels(&["Booking"]).of(owner)]).await;
    for (words, expected) in [
        ("club", vec!["Ada"]),
        ("BOOK", vec!["Ada", "Bo"]),
        ("book lodz", vec!["Ada"]),
        ("ook club", vec!["Ada"]),
        ("clublodz", vec![]),
    ] {
        assert_found(&store, owner, words, &expected).await;
    }
}

pub async fn notes_are_searched_from_the_beginnings_of_their_words(store: Store) {
    let owner = registered(&store).await.id;
    let ada =
        contact().first("Ada").notes("Wrote on the Analytical Engine (1843),\nin l'Été; prefers „Zürich“. 🎂 8-15");
    insert(&store, &[ada.of(owner), contact().first("Bo").notes("私は東京に住む").of(owner)]).await;
    for (words, expected) in [
        ("analytical", vec!["Ada"]),
        ("ENG ada", vec!["Ada"]),
        ("1843", vec!["Ada"]),
        ("ete", vec!["Ada"]),
        ("l'été", vec!["Ada"]),
        ("zurich", vec!["Ada"]),
        ("🎂", vec!["Ada"]),
        ("8-15", vec!["Ada"]),
        ("東京", vec!["Bo"]),
        ("京東", vec![]),
        ("ngine", vec![]),
        ("analyticalx", vec![]),
        ("15-8", vec![]),
        ("wrote analog", vec![]),
    ] {
        assert_found(&store, owner, words, &expected).await;
    }
}

pub async fn long_texts_are_found_by_any_part_and_long_notes_to_the_last_word(store: Store) {
    let owner = registered(&store).await.id;
    let name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let notes: String = (0..1_200).map(|number| format!("wort{number} ")).collect();
    insert(&store, &[contact().first(name).notes(&notes).of(owner), contact().first("Bo").of(owner)]).await;
    for word in ["donau", "schifffahrtselektri", "gesellschaft", "haupt", "t", "wort1199", "wort7", &name[10..70]] {
        let found = names(&list(&store, owner, search(word)).await);
        assert_eq!(found, [name], "{word}");
    }
    assert_found(&store, owner, "wort1200", &[]).await;
    assert_found(&store, owner, "schifffahrtselektra", &[]).await;
}

pub async fn a_word_is_not_found_across_two_fields(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").last("Lovelace").email("ada@example.com").phone("+48 22 555 03 10");
    insert(&store, &[ada.of(owner)]).await;
    for word in ["adalovelace", "lovelaceada", "lovelaceada@example.com", "com00", "com48"] {
        assert_found(&store, owner, word, &[]).await;
    }
}

pub async fn quotes_and_operators_are_ordinary_characters(store: Store) {
    let owner = registered(&store).await.id;
    let people = ["O'Hara", "\"Bob\"", "NEAR(x)", "wild*card", "minus-sign", "col:umn", "semi;colon", "^up", "{b}"];
    insert(&store, &people.map(|name| contact().first(name).of(owner))).await;
    for word in people {
        assert_found(&store, owner, word, &[word]).await;
    }
    for (words, expected) in [
        ("'", vec!["O'Hara"]),
        ("\"", vec!["\"Bob\""]),
        ("\"bob", vec!["\"Bob\""]),
        ("*", vec!["wild*card"]),
        ("wild*", vec!["wild*card"]),
        ("bob OR hara", vec![]),
        ("bob AND", vec![]),
        ("NOT hara", vec![]),
        ("-hara", vec![]),
        ("first_name:hara", vec![]),
    ] {
        assert_found(&store, owner, words, &expected).await;
    }
}

/// In whatever order: that is for `relevance` to judge.
async fn assert_found(store: &Store, owner: UserId, words: &str, expected: &[&str]) {
    let mut found = names(&list(store, owner, search(words)).await);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected, "{words:?}");
}
