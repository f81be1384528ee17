//! `/healthz` and `/readyz`

use crate::harness::{App, on_both_databases};

on_both_databases!(a_server_that_runs_says_so);

async fn a_server_that_runs_says_so(app: App) {
    for path in ["/healthz", "/readyz"] {
        app.root().get(path).await.expect(200);
        app.root().head(path).await.expect(200);
    }
}
