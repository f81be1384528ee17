//! Of several reasons to refuse a request, which one a client gets: route, login, size, media type,
//! syntax, meaning, and at last whether the contact is there.

use reqwest::Method;

use crate::harness::{App, ada, on_both_databases};

on_both_databases!(each_reason_to_refuse_has_its_rank);

async fn each_reason_to_refuse_has_its_rank(app: App) {
    let (user, nobody) = (app.register("user@example.com").await, app.api());
    let missing = "/contacts/0193f3a4-7d6b-7000-8000-000000000000";
    let too_long = vec![b' '; 300_000];
    for (method, path) in [(Method::PUT, missing), (Method::PATCH, missing)] {
        let path = &format!("{path}?unknown=1");
        let request = |client: &crate::harness::Client| client.request(method.clone(), path);
        // Each has all the faults of those below it.
        let nowhere = nobody.request(method.clone(), &format!("{path}/nowhere?unknown=1").replace("?unknown=1/", "/"));
        nowhere.body("text/plain", too_long.clone()).await.problem(404, "not_found");
        request(&nobody).body("text/plain", too_long.clone()).await.problem(401, "unauthenticated");
        let stranger = nobody.with_token("nonsense");
        request(&stranger).body("text/plain", too_long.clone()).await.problem(401, "invalid_token");
        request(&user).body("text/plain", too_long.clone()).await.problem(413, "payload_too_large");
        request(&user).body("text/plain", "{").await.problem(415, "unsupported_media_type");
        request(&user).body("application/json", "{").await.problem(400, "malformed_json");
        request(&user).json(&ada()).await.refused(&[("/unknown", "unknown_parameter")]);
        let right = user.request(method.clone(), path.trim_end_matches("?unknown=1")).json(&ada());
        right.await.problem(404, "not_found");
    }
    let wrong_method = nobody.request(Method::PATCH, "/contacts?unknown=1").body("text/plain", too_long);
    wrong_method.await.problem(405, "method_not_allowed");
    nobody.get("/contacts?limit=-1").await.problem(401, "unauthenticated");
    user.delete(&format!("{missing}?unknown=1")).await.refused(&[("/unknown", "unknown_parameter")]);
}
