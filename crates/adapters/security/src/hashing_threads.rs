//! Threads that hash passwords, and give way to everything else.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;

/// What is added to a thread's niceness. Whatever else is to be done comes first, and yet about a tenth of a busy
/// core is left to hash with: at 19 a machine that is never idle would let nobody log in.
#[cfg(target_os = "linux")]
const LESS_URGENT: i32 = 10;

/// Work, and where its result goes.
type Job = Box<dyn FnOnce() + Send>;

/// Threads of a low priority that take one job after the other. They end when this is dropped.
///
/// A hash keeps a core busy for a quarter of a second. On threads like all others the cores would be shared
/// with requests that need a millisecond, which then wait for their turn again and again.
pub(crate) struct HashingThreads {
    jobs: mpsc::Sender<Job>,
}

/// What was to be done has panicked.
#[derive(Debug, thiserror::Error)]
#[error("the work on a password was not finished")]
pub(crate) struct Unfinished;

impl HashingThreads {
    pub(crate) fn start(count: usize) -> io::Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..count {
            let queue = queue.clone();
            thread::Builder::new().name("hashing".to_owned()).spawn(move || work(&queue))?;
        }
        Ok(Self { jobs })
    }

    /// Does the work as soon as a thread is free. It is done to its end, even where nobody waits for it any
    /// more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unfinished> {
        let (result, finished) = oneshot::channel();
        let job = Box::new(move || {
            // Fails where nobody waits.
            let _ = result.send(work());
        });
        self.jobs.send(job).map_err(|_| Unfinished)?;
        finished.await.map_err(|_| Unfinished)
    }
}

fn work(queue: &Mutex<mpsc::Receiver<Job>>) {
    give_way();
    loop {
        // The lock is held while this thread waits: the others wait for the lock instead.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            // A job that panics drops where its result would go, and its caller knows; the thread goes on.
            Ok(job) => _ = catch_unwind(AssertUnwindSafe(job)),
            Err(mpsc::RecvError) => return,
        }
    }
}

/// Lowers the priority of this thread. Where that is not permitted, hashing works all the same.
#[cfg(target_os = "linux")]
fn give_way() {
    // On Linux this is about the thread alone.
    if let Err(error) = rustix::process::nice(LESS_URGENT) {
        let error: &(dyn std::error::Error + 'static) = &error;
        tracing::warn!(error, "passwords are hashed with the priority of requests");
    }
}

/// Elsewhere the same call would be about the whole process.
#[cfg(not(target_os = "linux"))]
const fn give_way() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_job_gets_its_own_result() {
        let threads = HashingThreads::start(2).unwrap();
        let jobs = (0..100).map(|number| threads.run(move || number * number));
        let results = futures_util::future::join_all(jobs).await;
        for (number, result) in results.into_iter().enumerate() {
            assert_eq!(result.unwrap(), number * number);
        }
    }

    #[tokio::test]
    async fn a_job_that_panics_fails_alone() {
        let threads = HashingThreads::start(1).unwrap();
        let failed = threads.run(|| panic!("on purpose")).await;
        let Err(Unfinished): Result<(), _> = failed else { panic!("it cannot have been finished") };
        assert_eq!(threads.run(|| 42).await.unwrap(), 42);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_done_all_the_same() {
        let threads = HashingThreads::start(1).unwrap();
        let (begun, begins) = oneshot::channel();
        let (done, is_done) = oneshot::channel();
        let (go_on, goes_on) = mpsc::channel();
        let waiting = threads.run(move || {
            begun.send(()).unwrap();
            goes_on.recv().unwrap();
            done.send(()).unwrap();
        });
        tokio::select! {
            biased;
            _ = waiting => panic!("it waits to go on"),
            begun = begins => begun.unwrap(),
        }
        go_on.send(()).unwrap();
        is_done.await.unwrap();
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_gives_way_to_all_else_and_nothing_else_does() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let before = priority();
        let threads = HashingThreads::start(1).unwrap();
        assert_eq!(threads.run(priority).await.unwrap(), (before + LESS_URGENT).min(19));
        assert_eq!(priority(), before);
    }
}
