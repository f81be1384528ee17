//! `GET /contacts?q=`

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{App, Client, last_names, merged, named, on_both_databases, people};

on_both_databases!(
    people_are_found_however_their_names_are_typed,
    a_phone_is_found_however_it_is_spelled,
    the_best_matches_come_first,
    a_search_has_limits,
);

async fn found(user: &Client, q: &str) -> Vec<String> {
    let page = user.list(&[("q", q), ("limit", "200")]).await;
    last_names(&page).into_iter().map(str::to_owned).collect()
}

async fn people_are_found_however_their_names_are_typed(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let cases: [(&str, &[&str]); 22] = [
        ("lukasiewicz", &["Łukasiewicz"]),
        ("gauss", &["Gauß"]),
        ("dvorak", &["Dvořák"]),
        ("skłodowska", &["Skłodowska-Curie"]),
        ("ŁUKASIEWICZ", &["Łukasiewicz"]),
        ("Dvořák", &["Dvořák"]),
        ("dvor\u{30c}ák", &["Dvořák"]),
        ("gudmundsdottir", &["Guðmundsdóttir"]),
        ("ihsan", &["Anar"]),
        ("İHSAN", &["Anar"]),
        ("ТОЛСТОЙ", &["Толстой"]),
        ("ΚΑΖΑΝΤΖΑΚΗΣ", &["Καζαντζάκης"]),
        ("漱", &["漱石"]),
        ("o'connor", &["O'Connor"]),
        ("curie maria", &["Skłodowska-Curie"]),
        ("  curie   MARIA  ", &["Skłodowska-Curie"]),
        ("mari curie@ex", &["Skłodowska-Curie"]),
        ("bach", &[]),
        ("ada@example.com lovelace", &[]),
        ("ada.lovelace@example.com", &["Lovelace"]),
        ("nobody", &[]),
        ("%", &[]),
    ];
    for (q, expected) in cases {
        assert_eq!(found(&user, q).await, expected, "{q}");
    }
    // Names are tied with addresses and phones: each word may be found in another of them.
    assert_eq!(found(&user, "morgan michele 0048").await, ["Morgan"]);
    assert_eq!(found(&user, "example.com").await.len(), 80);
}

async fn a_phone_is_found_however_it_is_spelled(app: App) {
    let user = app.register("user@example.com").await;
    let people = people();
    user.create_all(&people).await;
    let from = |prefix: &str| {
        let matching = people.iter().filter(|person| person["phone"].as_str().unwrap().starts_with(prefix));
        matching.map(|person| person["last_name"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let warsaw = from("+48 22");
    assert_eq!(warsaw.len(), 16);
    for q in ["0048 22", "+48 22", "22 555", "004822", "+4822555", "+48 (22) 555"] {
        assert_eq!(BTreeSet::from_iter(found(&user, q).await), warsaw, "{q}");
    }
    for q in ["+48 22 555 03 10", "48225550310", "00 48 22 555 03 10", "5550310", "+ 48 / 22 - 555 03 x 10"] {
        assert_eq!(found(&user, q).await, ["Skłodowska-Curie"], "{q}");
    }
    // Typed with 00, searched with +, and as one dials within the country.
    let manchester = from("0044 161");
    for q in ["+44 161", "44161", "0161 496"] {
        assert_eq!(BTreeSet::from_iter(found(&user, q).await), manchester, "{q}");
    }
    // A word that is no part of a number is not looked for in one.
    assert_eq!(found(&user, "a7946").await, [""; 0]);
}

async fn the_best_matches_come_first(app: App) {
    let user = app.register("user@example.com").await;
    for last_name in ["Clemens", "Lem", "Alemán"] {
        let email = json!({"email": format!("{}@example.com", last_name.len())});
        user.create(merged(named("Somebody", last_name), email)).await;
    }
    let by_mail_alone = merged(named("Aaron", "Aalto"), json!({"email": "lem@example.com"}));
    user.create(by_mail_alone).await;
    let names = found(&user, "lem").await;
    assert_eq!((names.len(), names[0].as_str()), (4, "Lem"), "{names:?}");
    // Where an order is asked for it is kept.
    let page = user.list(&[("q", "lem"), ("sort", "-last_name")]).await;
    assert_eq!(last_names(&page), ["Lem", "Clemens", "Alemán", "Aalto"]);
    // Pages of the best matches follow one another too.
    let pages = user.pages("/contacts", &[("q", "lem"), ("limit", "1")]).await;
    let items: Vec<Value> = pages.into_iter().flatten().collect();
    assert_eq!(last_names(&json!(items)), names);
}

async fn a_search_has_limits(app: App) {
    let user = app.register("user@example.com").await;
    let longest = "x".repeat(256);
    user.list(&[("q", &longest), ("first_name", &longest)]).await;
    let longer = "ż".repeat(257);
    let answer = user.get("/contacts").query(&[("q", &longer), ("last_name", &longer)]).await;
    answer.refused(&[("/q", "too_long"), ("/last_name", "too_long")]);
    user.list(&[("q", &"a ".repeat(16))]).await;
    user.get("/contacts").query(&[("q", &"a ".repeat(17))]).await.refused(&[("/q", "too_many")]);
}
