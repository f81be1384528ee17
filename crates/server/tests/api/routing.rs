//! What is there, and what is not.

use std::collections::BTreeSet;

use crate::harness::{Answer, App, Client, Setup, ada};

/// Routes answer before any database is asked, so one of them will do.
fn app() -> App {
    Setup::sqlite().start()
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = app();
    let user = app.register("user@example.com").await;
    let paths = [
        "/nowhere",
        "/api",
        "/api/v1",
        "/api/v1/nowhere",
        "/api/v2/contacts",
        "/api/v1/contact",
        "/api/v1/Contacts",
        "/api/v1/users",
        "/api/v1/users/0193f3a4-7d6b-7000-8000-000000000000",
        "/api/v1/contacts/0193f3a4-7d6b-7000-8000-000000000000/nowhere",
        "/contacts",
        "/docs/nowhere.js",
        "/docs/../Cargo.toml",
        "/docs/..%2f..%2fCargo.toml",
        "/errors",
        "/.env",
        "/data/contacts.db",
    ];
    for path in paths {
        for client in [&app.root(), &app.root().with_token(user.token())] {
            client.get(path).await.problem(404, "not_found");
            client.head(path).await.expect(404);
        }
        // The docs page's files have a route, so there another method is the fault.
        if !path.starts_with("/docs") {
            app.root().post(path, ada()).await.problem(404, "not_found");
        }
    }
}

#[tokio::test]
async fn a_slash_at_the_end_makes_another_path() {
    let app = app();
    let user = app.register("user@example.com").await;
    let contact = format!("/contacts/{}/", user.create(ada()).await["id"].as_str().unwrap());
    for path in ["/contacts/", "/contacts//", "/contacts/birthdays/", "/users/me/", contact.as_str()] {
        user.get(path).await.problem(404, "not_found");
        user.patch(path, ada()).await.problem(404, "not_found");
        user.delete(path).await.problem(404, "not_found");
    }
    for path in ["/auth/login/", "/auth/register/", "/auth/refresh/", "/contacts/", "//contacts"] {
        user.post(path, ada()).await.problem(404, "not_found");
    }
    for path in ["/healthz/", "/readyz/", "/openapi.json/"] {
        app.root().get(path).await.problem(404, "not_found");
    }
}

fn allowed(answer: &Answer) -> BTreeSet<String> {
    answer.header("allow").split(',').map(|method| method.trim().to_owned()).collect()
}

#[tokio::test]
async fn another_method_is_told_which_ones_there_are() {
    let app = app();
    let user = app.register("user@example.com").await;
    let contact = "/contacts/0193f3a4-7d6b-7000-8000-000000000000";
    let routes: [(&str, &[&str]); 8] = [
        ("/contacts", &["GET", "POST"]),
        (contact, &["GET", "PUT", "PATCH", "DELETE"]),
        ("/contacts/not-an-id", &["GET", "PUT", "PATCH", "DELETE"]),
        ("/contacts/birthdays", &["GET"]),
        ("/users/me", &["GET", "PATCH"]),
        ("/auth/login", &["POST"]),
        ("/auth/register", &["POST"]),
        ("/auth/refresh", &["POST"]),
    ];
    let all = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"];
    // A method that is not there needs no login to be told so.
    for client in [&app.api(), &user] {
        for (path, methods) in routes {
            for method in all.into_iter().filter(|method| !methods.contains(method)) {
                let answer = client.request(method.parse().unwrap(), path).await;
                answer.problem(405, "method_not_allowed");
                // Whatever may be read may be asked for its head.
                let allowed: BTreeSet<_> =
                    allowed(&answer).into_iter().filter(|name| name != "HEAD" && name != "OPTIONS").collect();
                assert!(
                    allowed.iter().map(String::as_str).eq(BTreeSet::from_iter(methods.iter().copied())),
                    "{answer}"
                );
            }
        }
    }
    for path in ["/healthz", "/readyz", "/docs", "/openapi.json", "/errors/not_found"] {
        let answer = app.root().post(path, ada()).await;
        answer.problem(405, "method_not_allowed");
        assert!(allowed(&answer).contains("GET"), "{answer}");
    }
    assert_head_is_no_get_of_posts(&app.api()).await;
}

/// What cannot be read has no head.
async fn assert_head_is_no_get_of_posts(api: &Client) {
    for path in ["/auth/login", "/auth/register", "/auth/refresh"] {
        let answer = api.head(path).await.expect(405);
        assert_eq!(allowed(&answer), BTreeSet::from(["POST".to_owned()]));
    }
}
