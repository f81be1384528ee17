//! `GET /contacts?sort=`

use serde_json::{Value, json};

use super::IN_ORDER;
use crate::harness::{App, Client, Setup, last_names, merged, named, on_both_databases, people};

on_both_databases!(
    names_sort_without_case_and_accents,
    contacts_sort_by_any_of_six_fields,
    what_is_absent_comes_last_either_way,
    an_order_that_makes_no_sense_is_refused,
);

async fn sorted(user: &Client, sort: &str) -> Vec<String> {
    let page = user.list(&[("sort", sort), ("limit", "200")]).await;
    last_names(&page).into_iter().map(str::to_owned).collect()
}

async fn names_sort_without_case_and_accents(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let page = user.list(&[("limit", "200")]).await;
    assert_eq!(last_names(&page), IN_ORDER, "by last name where nothing is said");
    assert_eq!(page["next_cursor"], Value::Null);
    assert_eq!(sorted(&user, "last_name").await, IN_ORDER);
    assert!(sorted(&user, "-last_name").await.iter().eq(IN_ORDER.iter().rev()));
    // The other fields of the same people.
    let in_time: Vec<_> = people().iter().map(|person| person["last_name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(sorted(&user, "created_at").await, in_time);
    assert!(sorted(&user, "-updated_at").await.iter().eq(in_time.iter().rev()));
    let by_day = sorted(&user, "birthday").await;
    assert_eq!(by_day[..4], ["Forster", "Salinger", "Anar", "Asimov"], "by day, then by year");
    assert_eq!(by_day[17..22], ["Rossini", "Hollerith", "Shore", "Morgan", "Chopin"]);
    assert_eq!(by_day[78..], ["Matisse", "Hopkins"]);
    assert!(sorted(&user, "-birthday").await.iter().eq(by_day.iter().rev()));
}

async fn contacts_sort_by_any_of_six_fields(app: App) {
    let user = app.register("user@example.com").await;
    for (first, last, email, birthday) in [
        ("Zoë", "Ångström", "b@example.com", "2000-05-05"),
        ("adam", "angstrom", "C@example.com", "1999-05-05"),
        ("Ådam", "Zola", "a@example.com", "2001-05-04"),
    ] {
        user.create(merged(named(first, last), json!({"email": email, "birthday": birthday}))).await;
    }
    // A change moves a contact to the end of those sorted by change.
    let first = &user.list(&[("email", "b@")]).await["items"][0];
    let path = format!("/contacts/{}", first["id"].as_str().unwrap());
    user.patch(&path, json!({"additional_data": "changed"})).await.expect(200);
    let cases = [
        ("last_name,first_name", ["angstrom", "Ångström", "Zola"]),
        ("last_name,-first_name", ["Ångström", "angstrom", "Zola"]),
        ("-last_name,first_name", ["Zola", "angstrom", "Ångström"]),
        ("first_name,last_name", ["angstrom", "Zola", "Ångström"]),
        ("first_name,-last_name", ["Zola", "angstrom", "Ångström"]),
        ("email", ["Zola", "Ångström", "angstrom"]),
        ("-email", ["angstrom", "Ångström", "Zola"]),
        ("birthday", ["Zola", "angstrom", "Ångström"]),
        ("-birthday", ["Ångström", "angstrom", "Zola"]),
        ("created_at", ["Ångström", "angstrom", "Zola"]),
        ("updated_at", ["angstrom", "Zola", "Ångström"]),
        ("last_name,-created_at", ["angstrom", "Ångström", "Zola"]),
        ("last_name,first_name,email,birthday,created_at,updated_at", ["angstrom", "Ångström", "Zola"]),
    ];
    for (sort, expected) in cases {
        assert_eq!(sorted(&user, sort).await, expected, "{sort}");
    }
}

async fn what_is_absent_comes_last_either_way(setup: Setup) {
    let app = setup.env("CONTACTS_REQUIRED_FIELDS", "").start();
    let user = app.register("user@example.com").await;
    let contacts = [
        json!({"first_name": "Alice", "last_name": "A", "email": "a@example.com", "birthday": "2000-01-01"}),
        json!({"first_name": "Bob", "last_name": "B", "email": "b@example.com", "birthday": "--01-01"}),
        json!({"last_name": "C"}),
    ];
    user.create_all(&contacts).await;
    for (sort, expected) in [
        ("first_name", ["A", "B", "C"]),
        ("-first_name", ["B", "A", "C"]),
        ("email", ["A", "B", "C"]),
        ("-email", ["B", "A", "C"]),
        // Of one day, a birthday without a year comes after those with one.
        ("birthday", ["A", "B", "C"]),
        ("-birthday", ["A", "B", "C"]),
    ] {
        assert_eq!(sorted(&user, sort).await, expected, "{sort}");
        let pages = user.pages("/contacts", &[("sort", sort), ("limit", "1")]).await;
        let items: Vec<Value> = pages.into_iter().flatten().collect();
        assert_eq!(last_names(&json!(items)), expected, "{sort}, page by page");
    }
    user.create(json!({"first_name": "Nameless"})).await;
    for sort in ["last_name", "-last_name"] {
        let page = user.list(&[("sort", sort)]).await;
        assert_eq!(page["items"][3]["last_name"], Value::Null, "{sort}");
    }
    assert_eq!(user.list(&[]).await["items"][3]["last_name"], Value::Null);
}

async fn an_order_that_makes_no_sense_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    for sort in [
        "phone",
        "",
        ",",
        "last_name,",
        "last_name,last_name",
        "email,-email",
        "--email",
        "+email",
        "Email",
        " email",
        "id",
    ] {
        user.get("/contacts").query(&[("sort", sort)]).await.refused(&[("/sort", "invalid_sort")]);
    }
}
