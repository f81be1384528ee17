//! Labels: how contacts are grouped.

use serde_json::{Value, json};

use crate::harness::{App, Client, ada, last_names, merged, named, on_both_databases, path_of};

on_both_databases!(
    labels_are_kept_in_order_and_case_and_compared_folded,
    labels_are_judged,
    a_list_is_filtered_by_label,
    labels_are_counted,
    a_label_is_renamed_on_all_contacts_at_once,
    a_label_is_taken_off_all_contacts_at_once,
    a_label_may_be_any_text,
    the_labels_of_others_do_not_exist,
);

fn labelled(last_name: &str, labels: &[&str]) -> Value {
    merged(named("Somebody", last_name), json!({"labels": labels}))
}

async fn labels(user: &Client) -> Value {
    user.get("/contacts/labels").await.expect(200).json()["items"].clone()
}

/// The path of a label, every character of it encoded.
fn path_of_label(label: &str) -> String {
    let encoded: String = label.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/contacts/labels/{encoded}")
}

async fn labels_are_kept_in_order_and_case_and_compared_folded(app: App) {
    let user = app.register("user@example.com").await;
    assert_eq!(user.create(ada()).await["labels"], json!([]));
    let contact = user.create(labelled("A", &[" Zoo ", "Łódź", "VIP", "lodz", "vip"])).await;
    assert_eq!(contact["labels"], json!(["Zoo", "Łódź", "VIP"]));
    assert_eq!(user.get(&path_of(&contact)).await.expect(200).json()["labels"], contact["labels"]);
    let patched = user.patch(&path_of(&contact), json!({"labels": ["b", "A"]})).await.expect(200).json();
    assert_eq!(patched["labels"], json!(["b", "A"]));
    let kept = user.patch(&path_of(&contact), json!({"first_name": "Other"})).await.expect(200).json();
    assert_eq!(kept["labels"], json!(["b", "A"]));
    let cleared = user.patch(&path_of(&contact), json!({"labels": null})).await.expect(200).json();
    assert_eq!(cleared["labels"], json!([]));
    user.put(&path_of(&contact), labelled("A", &["x"])).await.expect(200);
    let replaced = user.put(&path_of(&contact), named("Somebody", "A")).await.expect(200).json();
    assert_eq!(replaced["labels"], json!([]));
}

async fn labels_are_judged(app: App) {
    let user = app.register("user@example.com").await;
    let (long, longest) = ("x".repeat(51), "ż".repeat(50));
    user.post("/contacts", labelled("A", &["ok", "", &long, "a\nb"])).await.refused(&[
        ("/labels/1", "too_short"),
        ("/labels/2", "too_long"),
        ("/labels/3", "control_character"),
    ]);
    let wrong = |labels: Value| user.post("/contacts", merged(ada(), json!({"labels": labels})));
    wrong(json!("VIP")).await.refused(&[("/labels", "wrong_type")]);
    wrong(json!(["VIP", 5, null])).await.refused(&[("/labels/1", "wrong_type"), ("/labels/2", "wrong_type")]);
    let many: Vec<String> = (0..21).map(|number| format!("label {number}")).collect();
    wrong(json!(many)).await.refused(&[("/labels", "too_many")]);
    wrong(json!(many[..20])).await.expect(201);
    wrong(json!([longest])).await.expect(201);
}

async fn a_list_is_filtered_by_label(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&[
        labelled("A", &["Family", "Chess"]),
        labelled("B", &["family"]),
        labelled("C", &["Family friends"]),
    ])
    .await;
    assert_eq!(last_names(&user.list(&[("label", "FAMILY")]).await), ["A", "B"]);
    assert_eq!(last_names(&user.list(&[("label", "chess"), ("last_name", "a")]).await), ["A"]);
    assert_eq!(user.list(&[("label", "fam")]).await["items"], json!([]));
    let pages = user.pages("/contacts", &[("label", "family"), ("limit", "1"), ("sort", "-last_name")]).await;
    let names: Vec<_> = pages.concat().iter().map(|contact| contact["last_name"].clone()).collect();
    assert_eq!(names, ["B", "A"]);
    let counted = user.get("/contacts?label=family").header("prefer".parse().unwrap(), "count=exact").await.expect(200);
    assert_eq!(counted.json()["total"], 2);
}

async fn labels_are_counted(app: App) {
    let user = app.register("user@example.com").await;
    assert_eq!(labels(&user).await, json!([]));
    user.create_all(&[labelled("A", &["Work", "Chess"]), labelled("B", &["Work"]), labelled("C", &[])]).await;
    assert_eq!(labels(&user).await, json!([{"label": "Chess", "count": 1}, {"label": "Work", "count": 2}]));
}

async fn a_label_is_renamed_on_all_contacts_at_once(app: App) {
    let user = app.register("user@example.com").await;
    let untouched = user.create(labelled("A", &["Other"])).await;
    user.create_all(&[labelled("B", &["Wrok", "Chess"]), labelled("C", &["wrok"]), labelled("D", &["WROK", "Work"])])
        .await;
    let token = user.get("/contacts/changes").await.expect(200).json()["next_token"].as_str().unwrap().to_owned();
    let renamed = user.patch("/contacts/labels/wrok", json!({"label": "Work"})).await.expect(200).json();
    assert_eq!(renamed, json!({"label": "Work", "count": 3}));
    let contacts = user.list(&[]).await;
    let kept: Vec<_> = contacts["items"].as_array().unwrap().iter().map(|contact| contact["labels"].clone()).collect();
    assert_eq!(kept, [json!(["Other"]), json!(["Work", "Chess"]), json!(["Work"]), json!(["Work"])]);
    assert_eq!(contacts["items"][0], untouched);
    // Whoever keeps a copy hears of each.
    let changes = user.get("/contacts/changes").query(&[("since", &token)]).await.expect(200).json();
    assert_eq!(changes["changes"].as_array().unwrap().len(), 3);

    let other_case = user.patch("/contacts/labels/work", json!({"label": "WORK"})).await.expect(200).json();
    assert_eq!(other_case, json!({"label": "WORK", "count": 3}));
    assert_eq!(labels(&user).await[2], json!({"label": "WORK", "count": 3}));
    user.patch("/contacts/labels/wrok", json!({"label": "Work"})).await.problem(404, "not_found");
    user.patch("/contacts/labels/work", json!({})).await.refused(&[("/label", "required")]);
    user.patch("/contacts/labels/work", json!({"label": " "})).await.refused(&[("/label", "too_short")]);
}

async fn a_label_is_taken_off_all_contacts_at_once(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&[labelled("A", &["Old", "Chess"]), labelled("B", &["old"])]).await;
    user.delete("/contacts/labels/OLD").await.expect(204);
    assert_eq!(labels(&user).await, json!([{"label": "Chess", "count": 1}]));
    assert_eq!(last_names(&user.list(&[]).await), ["A", "B"]);
    user.delete("/contacts/labels/old").await.problem(404, "not_found");
}

async fn a_label_may_be_any_text(app: App) {
    let user = app.register("user@example.com").await;
    for label in ["a/b", "100%", "%2F", "a b+c", "?#&=", "夏目", "...", "\"quoted\" \\"] {
        user.create(labelled("A", &[label])).await;
        assert_eq!(user.list(&[("label", label)]).await["items"].as_array().unwrap().len(), 1, "{label}");
        let path = path_of_label(label);
        let renamed = user.patch(&path, json!({"label": label})).await.expect(200).json();
        assert_eq!(renamed, json!({"label": label, "count": 1}));
        user.delete(&path).await.expect(204);
    }
    assert_eq!(labels(&user).await, json!([]));
}

async fn the_labels_of_others_do_not_exist(app: App) {
    let (user, other) = (app.register("user@example.com").await, app.register("other@example.com").await);
    user.create(labelled("A", &["Secret"])).await;
    assert_eq!(labels(&other).await, json!([]));
    assert_eq!(other.list(&[("label", "secret")]).await["items"], json!([]));
    other.patch("/contacts/labels/secret", json!({"label": "x"})).await.problem(404, "not_found");
    other.delete("/contacts/labels/secret").await.problem(404, "not_found");
    app.api().get("/contacts/labels").await.expect(401);
    assert_eq!(labels(&user).await, json!([{"label": "Secret", "count": 1}]));
}
