//! Sending the mails of the outbox.

use std::{sync::Arc, time::Duration};

use contacts_application::{Application, mail::Delivery};
use contacts_domain::ids::LeaseId;
use tokio::sync::watch;

use super::{attempt, pause};

/// How often the outbox is looked at while it is empty: an unlocked read of an index.
const IDLE: Duration = Duration::from_secs(1);
/// While the database does not answer.
const TROUBLE: Duration = Duration::from_secs(3);

/// Sends one mail after the other until it is told to stop.
pub(super) async fn work(application: Arc<Application>, lease: LeaseId, mut stopped: watch::Receiver<bool>) {
    loop {
        let worker = application.clone();
        let deliver = async move { worker.mail.deliver.execute(lease).await };
        let wait = match attempt("the outbox cannot be worked on", deliver).await {
            Some(Delivery::Idle) => IDLE,
            Some(delivery) => {
                tracing::debug!(?delivery, "a mail was worked on");
                Duration::ZERO
            }
            None => TROUBLE,
        };
        if !pause(&mut stopped, wait).await {
            return;
        }
    }
}

/// Gives back what the worker of this lease held.
pub(super) async fn release(application: &Arc<Application>, lease: LeaseId) {
    let application = application.clone();
    let release = async move { application.mail.deliver.release(lease).await };
    attempt("a mail stays held until its lease is over", release).await;
}
