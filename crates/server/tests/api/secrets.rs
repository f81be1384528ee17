//! Secrets that are sent, in the right place or in a wrong one, are found nowhere afterwards.

use std::collections::BTreeSet;

use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderName},
};
use serde_json::json;

use crate::harness::{App, Client, Letter, RedisServer, Request, Setup, on_both_databases, redis_content};

on_both_databases!(no_secret_is_logged_or_kept_wherever_it_was_sent);

const EMAIL: &str = "ada@example.com";
/// What nobody else writes by chance.
const PASSWORD: &str = "kanarek-Zq7Vx2-password";
const NEW_PASSWORD: &str = "kanarek-Jw4Tn9-another";
const RESET_PASSWORD: &str = "kanarek-Bd8Ry1-reset";
/// Never a password of anybody, but sent as if it were something.
const MISPLACED: &str = "kanarek-Hs6Km3-misplaced";
/// The deployment's own.
const JWT_SECRET: &str = "kanarek-Pf5Lc0-signs-every-token-there-is";
const PEPPER: &str = "kanarek-Gu1Xe8-is-in-every-password-hash";

/// The tables in which whoever reads a backup must find nothing to use.
const TABLES: [&str; 4] = ["outbox", "links", "sessions", "audit_log"];

async fn no_secret_is_logged_or_kept_wherever_it_was_sent(setup: Setup) {
    let redis = RedisServer::start();
    let app = setup
        .env("LOG_LEVEL", "trace")
        .env("JWT_SECRET", JWT_SECRET)
        .env("PASSWORD_PEPPER", PEPPER)
        .env("REDIS_URL", redis.url())
        .env("RATE_LIMIT_ENABLED", "true")
        // So few that a bucket is still there when it is looked at.
        .env("RATE_LIMIT_LOGIN", "200/h")
        .env("RATE_LIMIT_AUTH", "100000/h")
        .start();
    let mut secrets: BTreeSet<String> =
        [PASSWORD, NEW_PASSWORD, RESET_PASSWORD, MISPLACED, JWT_SECRET, PEPPER].map(str::to_owned).into();
    secrets.extend(use_each_in_its_place(&app).await);
    misplace(&app.api(), MISPLACED).await;
    // A token and a password that are right are as easily pasted into the wrong field.
    for secret in secrets.clone().iter().filter(|secret| *secret != JWT_SECRET && *secret != PEPPER) {
        misplace(&app.api(), secret).await;
    }

    let mut places = Vec::new();
    let content = redis_content(redis.url());
    for kind in [":session:", ":rate:#"] {
        assert!(content.iter().any(|(key, _)| key.contains(kind)), "{kind}: {content:#?}");
    }
    places.push(("Redis", format!("{content:?}")));
    let (setup, first_log) = app.stop();
    // Mails that cannot be sent lie in the outbox, where they can be looked at.
    let app = setup.env("SMTP_URL", "smtp://127.0.0.1:1").env("REQUIRE_VERIFIED_EMAIL", "false").start();
    order_mails(&app).await;

    for table in TABLES {
        let rows = app.setup().rows(table).await;
        assert!(!rows.is_empty(), "{table} is empty");
        places.push((table, format!("{rows:?}")));
    }
    let (_, second_log) = app.stop();
    for log in [first_log, second_log] {
        assert!(log.contains("\"level\":\"TRACE\""), "it was logged in detail: {log}");
        // In development, where there is no mailbox, a mailed link is logged on purpose: once, in this line.
        let log: Vec<_> = log.lines().filter(|line| !line.contains("a mail was written")).collect();
        places.push(("the log", log.join("\n")));
    }
    for (place, text) in &places {
        for secret in &secrets {
            assert!(!text.contains(secret), "{secret} is in {place}:\n{text}");
            // Of a token that is signed, the signature alone is what others lack.
            let signature = secret.rsplit('.').next().unwrap();
            assert!(!text.contains(signature), "{signature}, of a token, is in {place}:\n{text}");
        }
    }
}

/// Has another user ask for a mail of each kind that holds a link.
async fn order_mails(app: &App) {
    let (api, email) = (app.api(), "brian@example.com");
    api.post("/auth/register", json!({"email": email, "password": PASSWORD})).await.expect(201);
    let tokens = api.log_in(email, PASSWORD).await.expect(200).json();
    let brian = api.with_token(tokens["access_token"].as_str().unwrap());
    let change = json!({"new_email": "brian@example.org", "password": PASSWORD});
    brian.post("/users/me/email", change).await.expect(202);
    api.post("/auth/password/forgot", json!({"email": email})).await.expect(202);
}

/// Sends every secret to where it belongs. Returns all that the server made: tokens, and links of mails.
async fn use_each_in_its_place(app: &App) -> Vec<String> {
    let api = app.api();
    let mut made = Vec::new();
    let mut tokens = async |request: Request| {
        let pair = request.await.expect(200).json();
        let pair = [&pair["access_token"], &pair["refresh_token"]].map(|token| token.as_str().unwrap().to_owned());
        made.extend(pair.clone());
        pair
    };
    let account = json!({"email": EMAIL, "password": PASSWORD});
    api.post("/auth/register", &account).await.expect(201);
    api.post("/auth/register", &account).await.expect(409);
    let form = [("username", EMAIL), ("password", PASSWORD)];
    tokens(api.request(Method::POST, "/auth/login").form(&form)).await;
    let [_, refresh] = tokens(api.post("/auth/login", &account)).await;
    let [access, later] = tokens(api.post("/auth/refresh", json!({"refresh_token": refresh}))).await;
    let ada = api.with_token(&access);
    ada.get("/contacts").await.expect(200);
    ada.get("/users/me/sessions").await.expect(200);
    let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
    ada.post("/users/me/password", &change).await.expect(204);
    ada.post("/users/me/password", &change).await.expect(403);
    let email = json!({"new_email": "ada@example.org", "password": NEW_PASSWORD});
    ada.post("/users/me/email", email).await.expect(202);
    let verify = app.mailed_token(Letter::VerifyEmail, EMAIL);
    app.root().request(Method::POST, "/verify-email").form(&[("token", &verify)]).await.expect(200);
    let confirm = app.mailed_token(Letter::ConfirmNewEmail, "ada@example.org");
    api.post("/auth/email/verify", json!({"token": confirm})).await.expect(204);
    api.post("/auth/password/forgot", json!({"email": "ada@example.org"})).await.expect(202);
    let reset = app.mailed_token(Letter::ResetPassword, "ada@example.org");
    for page in ["/verify-email", "/reset-password"] {
        app.root().get(page).query(&[("token", &reset)]).await.expect(200);
    }
    let body = json!({"token": reset, "new_password": RESET_PASSWORD});
    api.post("/auth/password/reset", &body).await.expect(204);
    api.post("/auth/password/reset", &body).await.expect(400);
    // The session is over, and so are its tokens.
    api.post("/auth/refresh", json!({"refresh_token": later})).await.expect(401);
    ada.get("/users/me").await.expect(401);
    made.extend([verify, reset, confirm]);
    made
}

/// Sends a secret wherever somebody may paste it by mistake. Whatever is answered is right.
async fn misplace(api: &Client, secret: &str) {
    let path = |text: &str| format!("/contacts/{text}");
    let bodies = [
        json!({"email": secret, "password": "wrong"}),
        json!({"email": EMAIL, "password": secret, secret: secret}),
        json!({"email": format!("{secret}@"), "password": secret, "name": [secret], "language": secret}),
        json!({"refresh_token": secret, "token": secret, "new_password": secret}),
        json!({"email": secret}),
        json!({"token": secret}),
        json!([secret]),
        json!(secret),
    ];
    let auth =
        ["register", "login", "refresh", "email/verification", "email/verify", "password/forgot", "password/reset"];
    for route in auth {
        for body in &bodies {
            api.post(&format!("/auth/{route}"), body).await;
        }
        let route = format!("/auth/{route}");
        for media_type in ["application/json", "text/plain", "application/x-www-form-urlencoded", secret] {
            api.request(Method::POST, &route).body(media_type, format!("{{\"{secret}\": {secret}")).await;
        }
        api.post(&route, json!({})).query(&[("token", secret), (secret, secret)]).await;
    }
    let nobody = api.with_token(secret);
    for request in [
        nobody.get("/users/me"),
        nobody.get(&path(secret)),
        api.get(&path(secret)),
        api.get(&format!("/{secret}")),
        api.delete(&format!("/users/me/sessions/{secret}")),
        api.get("/contacts").query(&[("q", secret), (secret, "1"), ("cursor", secret)]),
        api.get("/contacts").header(AUTHORIZATION, &format!("Basic {secret}")),
        api.get("/contacts").header(AUTHORIZATION, secret),
        api.get("/contacts").header(HeaderName::from_static("cookie"), &format!("session={secret}")),
        api.get("/contacts").header(HeaderName::from_static("x-forwarded-for"), secret),
        api.get("/contacts").header(HeaderName::from_static("if-none-match"), secret),
        api.get("/contacts").header(HeaderName::from_static("accept-language"), secret),
        api.get("/contacts").header(HeaderName::from_static("referer"), &format!("https://x.example/?{secret}")),
        api.request(Method::from_bytes(b"BREW").unwrap(), &path(secret)),
    ] {
        request.await;
    }
}
