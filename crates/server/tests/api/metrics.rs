//! What is counted, for those who run the service.

use reqwest::{Method, Response, Url};
use serde_json::json;

use crate::harness::{App, Setup, ada, named, on_both_databases, path_of};

on_both_databases!(
    what_happens_is_counted_by_route_and_never_by_name,
    limits_are_counted,
    mails_that_wait_are_counted,
    metrics_are_on_their_own_address_alone,
    where_nobody_collects_metrics_there_are_none,
);

fn collected(setup: Setup) -> App {
    setup.env("METRICS_ADDRESS", "0").start()
}

/// Asks where metrics are collected.
async fn ask(app: &App, method: Method, path: &str) -> Response {
    let url = Url::parse(&app.process().banner_line("Metrics").unwrap()).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    http.request(method, url.join(path).unwrap()).send().await.unwrap()
}

async fn read(app: &App) -> String {
    let answer = ask(app, Method::GET, "/metrics").await;
    assert_eq!(answer.status(), 200);
    let header = |name| answer.headers()[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert_eq!((header("cache-control"), header("x-content-type-options")), ("no-store", "nosniff"));
    answer.text().await.unwrap()
}

/// The figure of this series; 0 where it was never counted.
fn figure(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0.0, |figure| figure.parse().unwrap())
}

async fn what_happens_is_counted_by_route_and_never_by_name(setup: Setup) {
    let app = collected(setup);
    let user = app.register("ada@example.com").await;
    let contact = user.create(ada()).await;
    for _ in 0..3 {
        user.get(&path_of(&contact)).await.expect(200);
    }
    user.get("/contacts/00000000-0000-0000-0000-000000000000").await.expect(404);
    app.root().get("/nowhere/of/ada@example.com").await.expect(404);
    app.root().request("BREW".parse().unwrap(), "/healthz").await.expect(405);
    let text = read(&app).await;
    for (series, count) in [
        (r#"contacts_http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="200"}"#, 3.0),
        (r#"contacts_http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="404"}"#, 1.0),
        (r#"contacts_http_requests_total{method="POST",route="/api/v1/contacts",status="201"}"#, 1.0),
        (r#"contacts_http_requests_total{method="GET",route="none",status="404"}"#, 1.0),
        (r#"contacts_http_requests_total{method="other",route="/healthz",status="405"}"#, 1.0),
        (r#"contacts_http_request_duration_seconds_count{method="GET",route="/api/v1/contacts/{id}"}"#, 4.0),
        (r#"contacts_user_cache_requests_total{result="miss"}"#, 1.0),
        (concat!(r#"contacts_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#""}"#), 1.0),
    ] {
        assert_eq!(figure(&text, series), count, "{series} in {text}");
    }
    assert!(figure(&text, r#"contacts_user_cache_requests_total{result="hit"}"#) >= 3.0, "{text}");
    assert!(figure(&text, "contacts_transaction_wait_seconds_count") >= 2.0, "{text}");
    assert!(!text.contains("ada") && !text.contains(contact["id"].as_str().unwrap()), "{text}");
}

async fn limits_are_counted(setup: Setup) {
    let app = collected(setup.env("RATE_LIMIT_ENABLED", "true").env("RATE_LIMIT_CONTACTS", "2/hour"));
    let user = app.register("user@example.com").await;
    user.get("/contacts").await.expect(200);
    user.get("/contacts").await.expect(200);
    user.get("/contacts").await.expect(429);
    let text = read(&app).await;
    let decided = |limit, decision| {
        figure(&text, &format!("contacts_rate_limit_decisions_total{{limit=\"{limit}\",decision=\"{decision}\"}}"))
    };
    assert_eq!((decided("contacts", "allowed"), decided("contacts", "refused")), (2.0, 1.0), "{text}");
    assert!(decided("login", "allowed") >= 1.0, "{text}");
}

async fn mails_that_wait_are_counted(setup: Setup) {
    // Nobody listens there: mails wait.
    let app = collected(setup.env("SMTP_URL", "smtp://127.0.0.1:1?tls=none"));
    app.api().register("user@example.com", json!({})).await.expect(201);
    let text = read(&app).await;
    assert_eq!(figure(&text, r#"contacts_outbox_mails{state="waiting"}"#), 1.0, "{text}");
    assert_eq!(figure(&text, r#"contacts_outbox_mails{state="given_up"}"#), 0.0, "{text}");
}

async fn metrics_are_on_their_own_address_alone(setup: Setup) {
    let app = collected(setup);
    app.root().get("/metrics").await.expect(404);
    for path in ["/", "/healthz", "/api/v1/contacts", "/docs"] {
        assert_eq!(ask(&app, Method::GET, path).await.status(), 404, "{path}");
    }
    assert_eq!(ask(&app, Method::POST, "/metrics").await.status(), 405);
    assert_eq!(ask(&app, Method::HEAD, "/metrics").await.status(), 200);
}

async fn where_nobody_collects_metrics_there_are_none(app: App) {
    let user = app.register("user@example.com").await;
    user.create(named("Ada", "Lovelace")).await;
    assert!(!app.process().output().text().contains("Metrics "));
    app.root().get("/metrics").await.expect(404);
}
