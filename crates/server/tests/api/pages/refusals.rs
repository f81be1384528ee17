//! Whatever is refused on a page is said to people, with the status that programs know.

use reqwest::Method;
use serde_json::json;

use super::{EMAIL, NEW_PASSWORD, PATHS, open, send};
use crate::harness::{App, Letter, PASSWORD, Setup, on_both_databases};

on_both_databases!(
    half_a_link_is_400,
    a_link_that_does_not_work_is_400,
    another_method_is_405,
    an_address_that_was_taken_meanwhile_is_409,
    a_form_that_is_too_large_is_413,
    another_media_type_is_415,
    a_form_with_other_fields_is_422,
    a_form_that_cannot_be_read_is_400,
    too_many_requests_are_429,
    what_is_sent_comes_back_as_text,
);

async fn half_a_link_is_400(app: App) {
    for path in PATHS {
        for query in ["", "?", "?token=", "?toke=x", "?token=%ff", "?token"] {
            let page = app.root().get(&format!("{path}{query}")).await.expect(400);
            assert!(page.text().contains("This link is not complete"), "{query}: {page}");
        }
        app.root().head(path).await.expect(400);
        let page = send(&app, path, &[("new_password", NEW_PASSWORD)]).await.expect(400);
        assert!(page.text().contains("This link is not complete") && !page.text().contains("<form"), "{page}");
    }
}

async fn a_link_that_does_not_work_is_400(app: App) {
    for path in PATHS {
        for token in ["x", "żółw", &"A".repeat(64), &"A".repeat(10_000)] {
            let mut fields = vec![("token", token)];
            if path == "/reset-password" {
                fields.push(("new_password", NEW_PASSWORD));
            }
            let page = send(&app, path, &fields).await.expect(400);
            assert!(page.text().contains("This link does not work any more"), "{page}");
            assert!(!page.text().contains(token) || token == "x", "{page}");
        }
    }
}

async fn another_method_is_405(app: App) {
    for path in PATHS {
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE] {
            let page = app.root().request(method, path).await.expect(405);
            assert_eq!(page.header("allow"), "GET, HEAD, POST", "{page}");
        }
    }
}

async fn an_address_that_was_taken_meanwhile_is_409(app: App) {
    let ada = app.register(EMAIL).await;
    let change = json!({"new_email": "countess@example.com", "password": PASSWORD});
    ada.post("/users/me/email", change).await.expect(202);
    let token = app.mailed_token(Letter::ConfirmNewEmail, "countess@example.com");
    app.register("countess@example.com").await;
    let page = send(&app, "/verify-email", &[("token", &token)]).await.expect(409);
    assert!(page.text().contains("This e-mail address is taken"), "{page}");
}

async fn a_form_that_is_too_large_is_413(app: App) {
    let long = "x".repeat(17 * 1024);
    for path in PATHS {
        send(&app, path, &[("token", &long)]).await.expect(413);
    }
}

async fn another_media_type_is_415(app: App) {
    for path in PATHS {
        for media_type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let body = json!({"token": "x", "new_password": NEW_PASSWORD}).to_string();
            app.root().request(Method::POST, path).body(media_type, body).await.expect(415);
        }
        app.root().request(Method::POST, path).body_without_type("token=x").await.expect(415);
    }
}

async fn a_form_with_other_fields_is_422(app: App) {
    app.register(EMAIL).await;
    let token = app.mailed_token(Letter::VerifyEmail, EMAIL);
    let page = send(&app, "/verify-email", &[("token", &token), ("surplus", "x")]).await.expect(422);
    assert!(page.text().contains("The form could not be read"), "{page}");
    let fields = [("token", "x"), ("new_password", NEW_PASSWORD), ("surplus", "x")];
    send(&app, "/reset-password", &fields).await.expect(422);
    // Nothing was used up.
    send(&app, "/verify-email", &[("token", &token)]).await.expect(200);
}

async fn a_form_that_cannot_be_read_is_400(app: App) {
    for path in PATHS {
        for body in ["token=%ff", "token=a&token=b", "%ff=x"] {
            let form = app.root().request(Method::POST, path).body("application/x-www-form-urlencoded", body);
            form.await.expect(400);
        }
    }
}

async fn too_many_requests_are_429(setup: Setup) {
    let app = setup.env("RATE_LIMIT_ENABLED", "true").env("RATE_LIMIT_AUTH", "2/h").start();
    open(&app, "/verify-email", "x").await.expect(200);
    send(&app, "/verify-email", &[("token", "x")]).await.expect(400);
    for path in PATHS {
        let page = send(&app, path, &[("token", "x")]).await.expect(429);
        assert!(page.header("retry-after").parse::<u64>().unwrap() > 0, "{page}");
        assert!(page.text().contains("Too many requests"), "{page}");
        open(&app, path, "x").await.expect(429);
    }
}

async fn what_is_sent_comes_back_as_text(app: App) {
    let hostile = r#""><script>alert('1')</script>"#;
    for path in PATHS {
        let page = open(&app, path, hostile).await.expect(200);
        assert!(!page.text().contains("<script") && page.text().contains("&#60;script&#62;"), "{page}");
    }
    let page = send(&app, "/reset-password", &[("token", hostile), ("new_password", "short")]).await.expect(422);
    assert!(!page.text().contains("<script") && page.text().contains("&#60;script&#62;"), "{page}");
}
