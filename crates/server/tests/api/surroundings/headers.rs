//! `X-Request-Id`. That it stands on every answer, as `X-Content-Type-Options` does, and in every
//! problem, is checked for every answer of every test.

use std::collections::BTreeSet;

use reqwest::header::HeaderName;

use crate::harness::Setup;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[tokio::test]
async fn the_clients_request_id_is_kept_where_it_is_sane() {
    let app = Setup::sqlite().start();
    let api = app.api();
    for sane in ["a", "abc-123_DEF.7", "0193f3a4-7d6b-7000-8000-000000000000"] {
        for path in ["/contacts", "/nowhere"] {
            let answer = api.get(path).header(REQUEST_ID, sane).await;
            assert_eq!(answer.header("x-request-id"), sane);
            assert_eq!(answer.json()["request_id"], sane);
        }
        let answer = app.root().get("/healthz").header(REQUEST_ID, sane).await.expect(200);
        assert_eq!(answer.header("x-request-id"), sane);
    }
    let long = "x".repeat(1000);
    for insane in ["", "a b", "\"quoted\"", "<script>", "a\tb", "żółw", "a;b,c", "{}", long.as_str()] {
        let answer = api.get("/contacts").header(REQUEST_ID, insane).await;
        assert_ne!(answer.header("x-request-id"), insane);
    }
    let bytes = api.get("/contacts").header_bytes(REQUEST_ID, b"\xff\xfe").await;
    assert!(bytes.header("x-request-id").is_ascii());
}

#[tokio::test]
async fn every_request_has_an_id_of_its_own() {
    let app = Setup::sqlite().start();
    let mut ids = BTreeSet::new();
    for _ in 0..20 {
        let answer = app.api().get("/contacts").await;
        assert!(ids.insert(answer.header("x-request-id").to_owned()), "{answer}");
    }
}
