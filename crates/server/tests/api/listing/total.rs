//! `Prefer: count=exact`

use reqwest::header::HeaderName;
use serde_json::Value;

use crate::harness::{App, on_both_databases, people};

on_both_databases!(the_total_is_counted_where_it_is_asked_for);

const PREFER: HeaderName = HeaderName::from_static("prefer");

async fn the_total_is_counted_where_it_is_asked_for(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let cases: [(&str, u64); 6] = [
        ("", 80),
        ("?limit=7", 80),
        ("?q=0048+22", 16),
        ("?first_name=mar", 4),
        ("?q=nobody", 0),
        ("?sort=-email", 80),
    ];
    for (query, total) in cases {
        let answer = user.get(&format!("/contacts{query}")).header(PREFER, "count=exact").await.expect(200);
        assert_eq!(answer.json()["total"], total, "{query}");
        assert_eq!(answer.header("preference-applied"), "count=exact");
    }
    // On every page it is the number of all that match.
    let first = user.get("/contacts?limit=50").header(PREFER, "count=exact").await.json();
    let query = [("limit", "50"), ("cursor", first["next_cursor"].as_str().unwrap())];
    let second = user.get("/contacts").query(&query).header(PREFER, "respond-async, count=exact").await.json();
    assert_eq!((&second["total"], &second["next_cursor"]), (&first["total"], &Value::Null));
    // Nobody pays for what nobody asks for; a preference that is not known is no fault.
    for other in ["count=none", "count=estimated", "return=minimal", ""] {
        let answer = user.get("/contacts").header(PREFER, other).await.expect(200);
        assert!(answer.json().get("total").is_none(), "{answer}");
        assert_eq!(answer.header("preference-applied"), "", "{other}");
    }
    assert!(user.list(&[]).await.get("total").is_none());
}
