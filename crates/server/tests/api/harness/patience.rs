//! Waiting for what comes by itself.

use std::time::Duration;

/// Asks again and again until there is an answer, at most for so long. `what` is what should have come.
pub(crate) async fn eventually<T>(what: &str, patience: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            // Others of this thread may be what is waited for.
            tokio::task::yield_now().await;
        }
    };
    match tokio::time::timeout(patience, asking).await {
        Ok(answer) => answer,
        Err(_) => panic!("not within {patience:?}: {what}"),
    }
}
