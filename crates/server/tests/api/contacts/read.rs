//! `GET /contacts/{id}`

use super::path_of;
use crate::harness::{App, ada, on_both_databases};

on_both_databases!(an_id_that_names_nothing_is_not_found, head_answers_as_get_without_a_body);

async fn an_id_that_names_nothing_is_not_found(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let id = contact["id"].as_str().unwrap();
    let unhyphenated = id.replace('-', "");
    let urn = format!("urn:uuid:{id}");
    let braced = format!("%7B{id}%7D");
    let ids = [
        "0193f3a4-7d6b-7000-8000-000000000000",
        "00000000-0000-0000-0000-000000000000",
        "1",
        "not-an-id",
        "%00",
        "%FF",
        "%20",
        "..%2Fusers%2Fme",
        "żółw",
        unhyphenated.as_str(),
        urn.as_str(),
        braced.as_str(),
    ];
    for id in ids {
        let path = format!("/contacts/{id}");
        user.get(&path).await.problem(404, "not_found");
        user.put(&path, ada()).await.problem(404, "not_found");
        user.patch(&path, ada()).await.problem(404, "not_found");
        user.delete(&path).await.problem(404, "not_found");
    }
}

async fn head_answers_as_get_without_a_body(app: App) {
    let user = app.register("user@example.com").await;
    let contact = user.create(ada()).await;
    let path = path_of(&contact);
    for path in [path.as_str(), "/contacts", "/contacts/birthdays", "/users/me"] {
        let (head, get) = (user.head(path).await.expect(200), user.get(path).await.expect(200));
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
    user.delete(&path).await.expect(204);
    user.head(&path).await.expect(404);
    user.head("/contacts?limit=0").await.expect(422);
    app.api().head("/contacts").await.expect(401);
}
