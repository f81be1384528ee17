//! Query parameters that are unknown, repeated or broken.

use reqwest::Method;

use crate::harness::{App, RawHttp, ada, on_both_databases};

on_both_databases!(
    unknown_parameters_are_refused_everywhere,
    a_parameter_stands_once,
    broken_encoding_is_refused,
    nonsense_does_not_stop_the_server,
);

async fn unknown_parameters_are_refused_everywhere(app: App) {
    let user = app.register("user@example.com").await;
    let contact = format!("/contacts/{}", user.create(ada()).await["id"].as_str().unwrap());
    let unknown = [("/lim%69t ", "unknown_parameter"), ("/page", "unknown_parameter")];
    user.get("/contacts?lim%2569t+=5&page=2").await.refused(&unknown);
    user.get("/contacts?Limit=5&=x").await.refused(&[("/Limit", "unknown_parameter"), ("/", "unknown_parameter")]);
    user.get("/contacts?flag").await.refused(&[("/flag", "unknown_parameter")]);
    for (method, path) in [
        (Method::GET, "/users/me"),
        (Method::PATCH, "/users/me"),
        (Method::POST, "/contacts"),
        (Method::GET, contact.as_str()),
        (Method::PUT, contact.as_str()),
        (Method::PATCH, contact.as_str()),
        (Method::DELETE, contact.as_str()),
        (Method::GET, "/contacts/birthdays"),
    ] {
        let request = user.request(method.clone(), &format!("{path}?verbose=1"));
        let request = if method == Method::GET || method == Method::DELETE { request } else { request.json(&ada()) };
        let problem = request.await.problem(422, "validation_failed");
        assert!(
            crate::harness::faults(&problem).contains(&("/verbose", "unknown_parameter")),
            "{method} {path}: {problem}"
        );
    }
    let login = app.api().post("/auth/login?redirect=x", serde_json::json!({"email": "x", "password": "x"}));
    login.await.refused(&[("/redirect", "unknown_parameter")]);
    user.get(&contact).await.expect(200);
}

async fn a_parameter_stands_once(app: App) {
    let user = app.register("user@example.com").await;
    user.get("/contacts?limit=1&limit=1").await.refused(&[("/limit", "repeated_parameter")]);
    user.get("/contacts?q=a&first_name=b&q=c&q=d").await.refused(&[("/q", "repeated_parameter")]);
    user.get("/contacts?q=a&%71=b").await.refused(&[("/q", "repeated_parameter")]);
    user.get("/contacts/birthdays?days=1&tz=UTC&days=2").await.refused(&[("/days", "repeated_parameter")]);
    let several = user.get("/contacts?limit=1&limit=2&page=3&sort=phone").await;
    several.refused(&[("/limit", "repeated_parameter"), ("/page", "unknown_parameter"), ("/sort", "invalid_sort")]);
}

async fn broken_encoding_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let authorization = format!("Authorization: Bearer {}", user.token());
    // What these bytes are in UTF-8: nothing.
    for value in ["%FF", "%C3%28", "%ED%A0%80", "a%F0%9F%91"] {
        for parameter in ["q", "last_name"] {
            let line = format!("GET /api/v1/contacts?{parameter}={value}");
            let answer = RawHttp::request(&line, &[&authorization], b"").send(app.origin());
            answer.refused(&[(&format!("/{parameter}"), "invalid_encoding")]);
        }
    }
}

async fn nonsense_does_not_stop_the_server(app: App) {
    let user = app.register("user@example.com").await;
    let long_header = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(1_000_000));
    let long_path = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(1_000_000));
    let nonsense: [&[u8]; 11] = [
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET /api/v1/contacts\r\n\r\n",
        b"GET /api/v1/contacts HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /api/v1/contacts?%zz=%&&&=%u0041 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /api/v1/contacts HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/contacts HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"POST /api/v1/contacts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        long_header.as_bytes(),
        long_path.as_bytes(),
    ];
    for bytes in nonsense {
        let status = RawHttp::bytes(bytes).status(app.origin());
        let what = String::from_utf8_lossy(&bytes[..bytes.len().min(100)]);
        assert!(status.is_none_or(|status| (400..500).contains(&status)), "{what}: {status:?}");
    }
    user.get("/contacts").await.expect(200);
    app.root().get("/readyz").await.expect(200);
}
