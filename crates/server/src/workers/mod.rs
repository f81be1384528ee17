//! What this process does without being asked: sending mail, forgetting, listening to other replicas.

mod housekeeping;
mod mail;

use std::{pin::Pin, sync::Arc, time::Duration};

use contacts_application::Application;
use contacts_domain::{ids::LeaseId, ports::IdGenerator};
use tokio::{sync::watch, task::JoinSet, time::timeout};

/// How many mails are sent at once.
const MAIL_WORKERS: usize = 2;
/// How long a mail that is being sent may go on when the process shall end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Work for as long as the process lives.
pub(crate) type Background = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The workers of this process.
pub(crate) struct Workers {
    application: Arc<Application>,
    leases: Vec<LeaseId>,
    stop: watch::Sender<bool>,
    /// Those that end by themselves when they are told to.
    tasks: JoinSet<()>,
    /// Those that hold nothing, and are cut off.
    listeners: JoinSet<()>,
}

impl Workers {
    pub(crate) fn start(application: &Arc<Application>, ids: &dyn IdGenerator, listeners: Vec<Background>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let leases: Vec<_> = (0..MAIL_WORKERS).map(|_| LeaseId::new(ids.next())).collect();
        let mut tasks = JoinSet::new();
        for lease in &leases {
            tasks.spawn(mail::work(application.clone(), *lease, stopped.clone()));
        }
        tasks.spawn(housekeeping::work(application.clone(), stopped));
        Self { application: application.clone(), leases, stop, tasks, listeners: listeners.into_iter().collect() }
    }

    /// Lets every worker finish what it is at. One that takes too long is cut off, and what it holds is given
    /// back, so that another replica goes on with it at once.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(PATIENCE, finished).await.is_ok() {
            return;
        }
        self.tasks.shutdown().await;
        self.listeners.shutdown().await;
        for lease in &self.leases {
            mail::release(&self.application, *lease).await;
        }
    }
}

/// Waits, and says whether to go on.
async fn pause(stopped: &mut watch::Receiver<bool>, time: Duration) -> bool {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => false,
        () = tokio::time::sleep(time) => true,
    }
}

/// Does one piece of work in a task of its own: whatever goes wrong in it, a panic included, is logged, and
/// the worker lives on.
async fn attempt<T: Send + 'static>(
    what: &'static str,
    work: impl Future<Output = contacts_application::Result<T>> + Send + 'static,
) -> Option<T> {
    // A set ends its tasks when it is dropped: a worker that is cut off leaves nothing running behind.
    let mut task = JoinSet::new();
    task.spawn(work);
    match task.join_next().await? {
        Ok(Ok(done)) => Some(done),
        Ok(Err(error)) => {
            let error: &(dyn std::error::Error + 'static) = &error;
            tracing::warn!(error, "{what}");
            None
        }
        Err(panicked) => {
            tracing::error!(%panicked, "{what}");
            None
        }
    }
}
