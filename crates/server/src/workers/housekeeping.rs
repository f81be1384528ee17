//! Forgetting what is no longer needed, now and then.

use std::{sync::Arc, time::Duration};

use contacts_application::{Application, housekeeping::Swept};
use tokio::sync::watch;

use super::{log, pause};

/// Not at once: a start has other things to do.
const FIRST: Duration = Duration::from_mins(1);
const PERIOD: Duration = Duration::from_mins(5);

pub(super) async fn work(application: Arc<Application>, mut stopped: watch::Receiver<bool>) {
    let mut wait = FIRST;
    while pause(&mut stopped, wait).await {
        wait = PERIOD;
        match application.housekeeping.execute().await {
            Ok(swept) if swept == Swept::default() => {}
            Ok(Swept { sessions, links, creations, accounts }) => {
                tracing::info!(sessions, links, creations, accounts, "what was no longer needed was deleted");
            }
            Err(error) => log("what is no longer needed could not be deleted", &error),
        }
        match application.avatars.sweep.execute().await {
            Ok(0) => {}
            Ok(avatars) => tracing::info!(avatars, "pictures that nobody shows were removed"),
            Err(error) => log("pictures that nobody shows could not be removed", &error),
        }
    }
}
