//! `POST /contacts`

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::{fetch, path_of};
use crate::harness::{App, ada, merged, named, on_both_databases};

on_both_databases!(
    a_new_contact_is_answered_with_its_address,
    text_of_any_script_is_kept,
    names_and_addresses_are_trimmed_and_notes_are_not,
    a_birthday_may_lack_its_year,
    what_only_the_server_decides_is_ignored,
    a_field_that_does_not_exist_is_refused,
    the_same_person_may_be_kept_twice,
);

async fn a_new_contact_is_answered_with_its_address(app: App) {
    let user = app.register("user@example.com").await;
    let sent = merged(ada(), json!({"additional_data": "Met at a conference.\nPrefers letters."}));
    let answer = user.post("/contacts", &sent).await.expect(201);
    assert_eq!(answer.header("content-type"), "application/json");
    let contact = answer.json();
    assert_eq!(answer.header("location"), format!("/api/v1{}", path_of(&contact)));

    let members: BTreeSet<_> = contact.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "id",
        "first_name",
        "last_name",
        "email",
        "phone",
        "phone_e164",
        "birthday",
        "additional_data",
        "labels",
        "created_at",
        "updated_at",
    ];
    assert_eq!(members, BTreeSet::from(expected));
    for (member, value) in sent.as_object().unwrap() {
        assert_eq!(&contact[member], value, "{member}");
    }
    assert_eq!(contact["phone_e164"], "+442079460000");
    assert_eq!(contact["created_at"], contact["updated_at"]);
    let created_at = contact["created_at"].as_str().unwrap();
    assert!(created_at.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(created_at).is_ok(), "{created_at}");
    assert_eq!(fetch(&user, &contact).await, contact);
    assert_eq!(user.list(&[]).await["items"], json!([contact]));
}

async fn text_of_any_script_is_kept(app: App) {
    let user = app.register("user@example.com").await;
    let texts = [
        "夏目 漱石",
        "Леся Українка",
        "محمد بن موسى",
        "👩\u{200d}👩\u{200d}👧 family",
        "e\u{301}cole",
        "Robert'); DROP TABLE contacts;--",
        "\"quoted\" \\ back/slash %like_ $1 {}",
        "<script>alert(1)</script>",
        "\u{10ffff}\u{fffd}\u{feff}x",
    ];
    for text in texts {
        let sent = merged(named(text, text), json!({"additional_data": text}));
        let contact = user.create(&sent).await;
        let kept = fetch(&user, &contact).await;
        for member in ["first_name", "last_name", "additional_data"] {
            assert_eq!(kept[member], text, "{member}");
        }
    }
}

async fn names_and_addresses_are_trimmed_and_notes_are_not(app: App) {
    let user = app.register("user@example.com").await;
    let notes = "\n\t spaces before, after \r\n";
    let sent = json!({"email": "\u{2003}Ada@Example.com ", "additional_data": notes});
    let contact = user.create(merged(named("\t  Ada\u{a0}\r\n", " Love lace "), sent)).await;
    assert_eq!(contact["first_name"], "Ada");
    assert_eq!(contact["last_name"], "Love lace");
    assert_eq!(contact["email"], "Ada@Example.com");
    assert_eq!(contact["additional_data"], notes);
    let longest = merged(named(&"ż".repeat(100), "x"), json!({"additional_data": "ż".repeat(10_000)}));
    assert_eq!(user.create(&longest).await["additional_data"], longest["additional_data"]);
}

async fn a_birthday_may_lack_its_year(app: App) {
    let user = app.register("user@example.com").await;
    for birthday in ["--02-29", "--12-31", "2000-02-29", "0001-01-01", "1473-02-19"] {
        let contact = user.create(merged(ada(), json!({"birthday": birthday}))).await;
        assert_eq!(fetch(&user, &contact).await["birthday"], birthday);
    }
}

async fn what_only_the_server_decides_is_ignored(app: App) {
    let user = app.register("user@example.com").await;
    let first = user.create(ada()).await;
    // What was read can be sent again: it makes another contact.
    let second = user.create(&first).await;
    assert_ne!(second["id"], first["id"]);
    let forged = json!({"id": 1, "phone_e164": "+1", "created_at": null, "updated_at": "yesterday"});
    let third = user.create(merged(ada(), forged)).await;
    assert_eq!(third["phone_e164"], first["phone_e164"]);
    assert!(third["created_at"].as_str() > first["created_at"].as_str());
    assert_eq!(user.list(&[]).await["items"].as_array().unwrap().len(), 3);
}

async fn a_field_that_does_not_exist_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let typos = json!({"surname": "Lovelace", "Email": "x", "": 1, "a/b~c": null, "owner_id": "x"});
    user.post("/contacts", merged(ada(), typos)).await.refused(&[
        ("/surname", "unknown_field"),
        ("/Email", "unknown_field"),
        ("/", "unknown_field"),
        // A pointer escapes its own separator (RFC 6901).
        ("/a~1b~0c", "unknown_field"),
        ("/owner_id", "unknown_field"),
    ]);
    // A fault in what is known is reported with it.
    let answer = user.post("/contacts", merged(ada(), json!({"nick": "x", "email": "x"}))).await;
    answer.refused(&[("/nick", "unknown_field"), ("/email", "invalid_email")]);
    assert_eq!(user.list(&[]).await["items"], json!([]));
}

async fn the_same_person_may_be_kept_twice(app: App) {
    let user = app.register("user@example.com").await;
    let mut ids = vec![user.create(ada()).await["id"].clone(), user.create(ada()).await["id"].clone()];
    let upper_case = user.request(Method::POST, "/contacts").body("Application/JSON; charset=UTF-8", ada().to_string());
    ids.push(upper_case.await.expect(201).json()["id"].clone());
    ids.sort_unstable_by_key(Value::to_string);
    let page = user.list(&[]).await;
    let listed: Vec<_> = page["items"].as_array().unwrap().iter().map(|contact| contact["id"].clone()).collect();
    assert_eq!(listed, ids, "where all else is equal the id decides");
}
