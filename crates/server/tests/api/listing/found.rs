//! What `GET /contacts?q=` says of what it found, and what it finds where a word was mistyped.

use reqwest::header::HeaderName;
use serde_json::{Value, json};

use crate::harness::{App, Client, last_names, merged, named, on_both_databases, path_of};

on_both_databases!(
    each_item_says_which_fields_matched,
    labels_and_notes_are_searched,
    a_mistyped_word_is_forgiven_where_nothing_matches,
    a_search_follows_what_is_written,
    what_was_found_can_be_sent_back,
);

/// Last name and matched fields of each item.
async fn matched(user: &Client, q: &str) -> Vec<(String, Value)> {
    let page = user.list(&[("q", q)]).await;
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| (item["last_name"].as_str().unwrap().to_owned(), item["matched_fields"].clone())).collect()
}

fn ada() -> Value {
    let more = json!({
        "email": "countess@engine.example", "phone": "+44 20 7946 0000", "labels": ["Chess Club", "Łódź"],
        "additional_data": "Wrote on the Analytical Engine; met at Ada's party.",
    });
    merged(named("Ada", "Lovelace"), more)
}

async fn each_item_says_which_fields_matched(app: App) {
    let user = app.register("user@example.com").await;
    user.create(ada()).await;
    for (q, fields) in [
        ("ada", json!(["first_name", "additional_data"])),
        ("lovelace engine", json!(["last_name", "email", "additional_data"])),
        ("0044 20", json!(["phone"])),
        ("lodz", json!(["labels"])),
        ("engine.example", json!(["email"])),
        ("analytical", json!(["additional_data"])),
    ] {
        assert_eq!(matched(&user, q).await, [("Lovelace".to_owned(), fields)], "{q}");
    }
    for query in [vec![], vec![("first_name", "ada")], vec![("label", "lodz")]] {
        let page = user.list(&query).await;
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        assert!(page["items"][0].get("matched_fields").is_none(), "nothing was searched for: {query:?}");
    }
}

async fn labels_and_notes_are_searched(app: App) {
    let user = app.register("user@example.com").await;
    user.create(ada()).await;
    let found = async |q: &str| matched(&user, q).await.len();
    for q in ["chess", "hess lov", "CLUB analytic", "łódź 7946"] {
        assert_eq!(found(q).await, 1, "{q}");
    }
    for q in ["nalytical", "chess byron"] {
        assert_eq!(found(q).await, 0, "{q}");
    }
}

async fn a_mistyped_word_is_forgiven_where_nothing_matches(app: App) {
    let user = app.register("user@example.com").await;
    user.create(ada()).await;
    user.create(named("Ada", "Lovelock")).await;
    for (q, expected, fields) in [
        ("lovelcae", vec!["Lovelace"], json!(["last_name"])),
        ("ada lovlock", vec!["Lovelock"], json!(["first_name", "last_name"])),
        ("contess", vec!["Lovelace"], json!(["email"])),
        ("ches clab", vec!["Lovelace"], json!(["labels"])),
        // What matches as it stands leaves out what is only near.
        ("lovelac", vec!["Lovelace"], json!(["last_name"])),
    ] {
        let found = matched(&user, q).await;
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), expected, "{q}");
        assert_eq!(found[0].1, fields, "{q}");
    }
    assert_eq!(matched(&user, "lvlcae").await, []);
    assert_eq!(matched(&user, "ad").await.len(), 2);

    for number in 0..5 {
        user.create(named(&format!("Bo{number}"), "Lovelace")).await;
    }
    for sort in [vec![], vec![("sort", "-first_name")]] {
        let query = [vec![("q", "lovelcae"), ("limit", "2")], sort].concat();
        let pages = user.pages("/contacts", &query).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2]);
    }
    let counted = user
        .get("/contacts")
        .query(&[("q", "lovelcae")])
        .header(HeaderName::from_static("prefer"), "count=exact")
        .await;
    assert_eq!(counted.expect(200).json()["total"], 6);
}

async fn a_search_follows_what_is_written(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    user.patch(&path_of(&contact), json!({"last_name": "King", "labels": []})).await.expect(200);
    for (q, count) in [("king", 1), ("lovelace", 0), ("chess", 0), ("engine", 1)] {
        assert_eq!(matched(&user, q).await.len(), count, "{q}");
    }
    user.delete(&path_of(&contact)).await.expect(204);
    assert_eq!(matched(&user, "king").await, []);
    user.post(&format!("{}/restore", path_of(&contact)), json!({})).await.expect(200);
    assert_eq!(last_names(&user.list(&[("q", "king")]).await), ["King"]);
}

async fn what_was_found_can_be_sent_back(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let page = user.list(&[("q", "ada")]).await;
    let found = page["items"][0].clone();
    assert!(found["matched_fields"].is_array());
    user.put(&path_of(&contact), found).await.expect(200);
}
