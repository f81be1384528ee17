//! Forgetting what is no longer needed, now and then.

use std::{sync::Arc, time::Duration};

use contacts_application::{Application, housekeeping::Swept};
use tokio::sync::watch;

use super::{attempt, pause};

/// Not at once: a start has other things to do.
const FIRST: Duration = Duration::from_mins(1);
const PERIOD: Duration = Duration::from_mins(5);

pub(super) async fn work(application: Arc<Application>, mut stopped: watch::Receiver<bool>) {
    let mut wait = FIRST;
    while pause(&mut stopped, wait).await {
        wait = PERIOD;
        let worker = application.clone();
        let tidy = async move { worker.housekeeping.execute().await };
        match attempt("what is no longer needed could not be deleted", tidy).await {
            Some(swept) if swept == Swept::default() => {}
            Some(swept) => {
                let Swept { sessions, links, creations, mails, audit_entries, accounts, trashed, tombstones, answers } =
                    swept;
                tracing::info!(
                    sessions,
                    links,
                    creations,
                    mails,
                    audit_entries,
                    accounts,
                    trashed,
                    tombstones,
                    answers,
                    "what was no longer needed was deleted"
                );
            }
            None => {}
        }
        let worker = application.clone();
        let sweep = async move { worker.avatars.sweep.execute().await };
        match attempt("pictures that nobody shows could not be removed", sweep).await {
            None | Some(0) => {}
            Some(avatars) => tracing::info!(avatars, "pictures that nobody shows were removed"),
        }
    }
}
