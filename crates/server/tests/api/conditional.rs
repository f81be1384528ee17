//! ETag, If-Match, If-None-Match: nobody overwrites what they have not seen.

use std::collections::BTreeSet;

use reqwest::{
    Method,
    header::{IF_MATCH, IF_NONE_MATCH},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{Answer, App, Client, ada, merged, on_both_databases, path_of, without};

on_both_databases!(
    of_32_clients_who_patch_at_once_and_retry_on_412_no_edit_is_lost,
    of_32_clients_who_patch_different_fields_at_once_and_retry_on_412_no_edit_is_lost,
    every_answer_of_one_contact_has_its_etag,
    what_a_client_has_already_is_not_sent_again,
    a_write_to_another_state_is_refused_and_changes_nothing,
    a_change_of_nothing_changes_neither_etag_nor_time,
    preconditions_are_judged_after_everything_else,
);

/// A contact of a new user, its path and its tag.
async fn created(app: &App) -> (Client, String, String) {
    let user = app.register("user@example.com").await;
    let answer = user.post("/contacts", ada()).await.expect(201);
    let (path, tag) = (format!("/contacts/{}", answer.json()["id"].as_str().unwrap()), tag(&answer));
    (user, path, tag)
}

#[track_caller]
fn tag(answer: &Answer) -> String {
    let tag = answer.header("etag").to_owned();
    assert!(tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'), "{answer}");
    tag
}

/// Adds its own line to the notes, however often it must read them again.
async fn append_line(user: Client, path: String, line: String) -> usize {
    for attempt in 1.. {
        let read = user.get(&path).await.expect(200);
        let notes = read.json()["additional_data"].as_str().unwrap_or_default().to_owned();
        let patch = json!({"additional_data": format!("{notes}{line}\n")});
        let answer = user.patch(&path, patch).header(IF_MATCH, &tag(&read)).await;
        match answer.status {
            200 => return attempt,
            _ => answer.problem(412, "precondition_failed"),
        };
    }
    unreachable!("it tries without end")
}

async fn of_32_clients_who_patch_at_once_and_retry_on_412_no_edit_is_lost(app: App) {
    let (user, path, _) = created(&app).await;
    let mut clients = JoinSet::new();
    for number in 0..32 {
        clients.spawn(append_line(user.clone(), path.clone(), format!("line {number}")));
    }
    let attempts: usize = clients.join_all().await.into_iter().sum();
    assert!(attempts > 32, "nobody was in anybody's way: {attempts}");
    let contact = user.get(&path).await.expect(200).json();
    let lines: BTreeSet<&str> = contact["additional_data"].as_str().unwrap().lines().collect();
    assert_eq!(lines.len(), 32, "{lines:?}");
}

/// Counts up its own field, from what it read last.
async fn count_up(user: Client, path: String, field: &'static str) {
    for attempt in 1.. {
        let read = user.get(&path).await.expect(200);
        let text = read.json()[field].as_str().unwrap().to_owned();
        let (name, number) = text.rsplit_once(' ').unwrap_or((&text, "0"));
        let patch = json!({field: format!("{name} {}", number.parse::<u32>().unwrap() + 1)});
        let answer = user.patch(&path, patch).header(IF_MATCH, &tag(&read)).await;
        match answer.status {
            200 => return,
            _ => answer.problem(412, "precondition_failed"),
        };
        assert!(attempt < 1_000, "it is never its turn");
    }
}

async fn of_32_clients_who_patch_different_fields_at_once_and_retry_on_412_no_edit_is_lost(app: App) {
    const FIELDS: [&str; 4] = ["first_name", "last_name", "phone", "additional_data"];
    let user = app.register("user@example.com").await;
    let contact = user.create(merged(ada(), json!({"phone": "112 0", "additional_data": "Notes"}))).await;
    let path = path_of(&contact);
    let mut clients = JoinSet::new();
    for number in 0..32 {
        clients.spawn(count_up(user.clone(), path.clone(), FIELDS[number % 4]));
    }
    clients.join_all().await;
    let contact = user.get(&path).await.expect(200).json();
    let fields: Vec<&str> = FIELDS.iter().map(|field| contact[*field].as_str().unwrap()).collect();
    assert_eq!(fields, ["Ada 8", "Lovelace 8", "112 8", "Notes 8"]);
}

async fn every_answer_of_one_contact_has_its_etag(app: App) {
    let (user, path, created) = created(&app).await;
    assert_eq!(tag(&user.get(&path).await.expect(200)), created);
    assert_eq!(tag(&user.head(&path).await.expect(200)), created);
    let patched = tag(&user.patch(&path, json!({"first_name": "Augusta"})).await.expect(200));
    assert_eq!(tag(&user.get(&path).await.expect(200)), patched);
    let replaced = tag(&user.put(&path, ada()).await.expect(200));
    assert_eq!(tag(&user.get(&path).await.expect(200)), replaced);
    assert_eq!(BTreeSet::from([&created, &patched, &replaced]).len(), 3, "each state has its own");
}

async fn what_a_client_has_already_is_not_sent_again(app: App) {
    let (user, path, tag_now) = created(&app).await;
    for header in [tag_now.clone(), format!("W/{tag_now}"), format!("\"other\", {tag_now}"), "*".to_owned()] {
        let answer = user.get(&path).header(IF_NONE_MATCH, &header).await.expect(304);
        assert_eq!((tag(&answer), answer.body.len()), (tag_now.clone(), 0), "{header}");
    }
    for header in ["\"other\"", "", "nonsense"] {
        user.get(&path).header(IF_NONE_MATCH, header).await.expect(200);
    }
    user.get(&path).header(IF_MATCH, "\"other\"").await.problem(412, "precondition_failed");
    user.get(&path).header(IF_MATCH, &tag_now).await.expect(200);
}

async fn a_write_to_another_state_is_refused_and_changes_nothing(app: App) {
    let (user, path, before) = created(&app).await;
    let changed = user.patch(&path, json!({"first_name": "Augusta"})).header(IF_MATCH, &before).await.expect(200);
    let now = tag(&changed);
    let write = |method: &Method| match *method {
        Method::PUT => user.put(&path, ada()),
        Method::PATCH => user.patch(&path, json!({"last_name": "King"})),
        _ => user.delete(&path),
    };
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        for stale in [before.as_str(), "\"other\"", "", &now.replace('"', "'")] {
            write(&method).header(IF_MATCH, stale).await.problem(412, "precondition_failed");
        }
        for present in [&now, "*"] {
            write(&method).header(IF_NONE_MATCH, present).await.problem(412, "precondition_failed");
        }
    }
    assert_eq!(user.get(&path).await.expect(200).json(), changed.json());
    // A weak prefix, as some proxies put one in front, is tolerated.
    let weak = format!("W/{now}");
    let replaced = tag(&user.put(&path, ada()).header(IF_MATCH, &weak).await.expect(200));
    user.delete(&path).header(IF_MATCH, &format!("\"other\",{replaced}")).await.expect(204);
    user.delete(&path).header(IF_MATCH, "*").await.problem(404, "not_found");
}

async fn a_change_of_nothing_changes_neither_etag_nor_time(app: App) {
    let (user, path, before) = created(&app).await;
    let contact = user.get(&path).await.expect(200).json();
    let whole = without(contact.clone(), "labels");
    for nothing in [
        user.patch(&path, json!({})),
        user.patch(&path, json!({"first_name": "Ada", "additional_data": null, "labels": []})),
        user.put(&path, merged(whole, json!({"labels": []}))),
    ] {
        let answer = nothing.header(IF_MATCH, &before).await.expect(200);
        assert_eq!((tag(&answer), answer.json()), (before.clone(), contact.clone()));
    }
}

async fn preconditions_are_judged_after_everything_else(app: App) {
    let (user, path, _) = created(&app).await;
    let stale = |request: crate::harness::Request| request.header(IF_MATCH, "\"other\"");
    stale(app.api().patch(&path, json!({}))).await.problem(401, "unauthenticated");
    stale(user.patch(&path, json!({"email": "x"}))).await.problem(422, "validation_failed");
    stale(user.patch("/contacts/00000000-0000-7000-8000-000000000000", json!({}))).await.problem(404, "not_found");
    let nothing: Value = json!({});
    stale(user.patch(&path, nothing)).await.problem(412, "precondition_failed");
}
