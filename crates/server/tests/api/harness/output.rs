//! What a process writes, as it comes.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

/// So long that only a process that hangs exceeds it.
const PATIENCE: Duration = Duration::from_secs(90);

/// The lines of one stream. They are read by a thread of their own, so that the process never waits
/// for a full pipe.
pub(crate) struct Output {
    state: Arc<(Mutex<State>, Condvar)>,
    reader: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    lines: Vec<String>,
    closed: bool,
}

impl Output {
    pub(crate) fn of(stream: impl Read + Send + 'static) -> Self {
        let state = Arc::<(Mutex<State>, Condvar)>::default();
        let shared = Arc::clone(&state);
        let reader = thread::spawn(move || {
            let (state, changed) = &*shared;
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                state.lock().unwrap().lines.push(String::from_utf8_lossy(&line).into_owned());
                changed.notify_all();
            }
            state.lock().unwrap().closed = true;
            changed.notify_all();
        });
        Self { state, reader: Some(reader) }
    }

    /// Waits for the first line in which `find` finds something. `None` where the stream ends, or
    /// nothing comes for very long.
    pub(crate) fn wait_for<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.wait_for_first(1, find).pop()
    }

    /// Waits for the first `count` lines in which `find` finds something. Fewer where the stream ends, or
    /// nothing comes for very long.
    pub(crate) fn wait_for_first<T>(&self, count: usize, find: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let (state, changed) = &*self.state;
        let search =
            |state: &State| -> Vec<T> { state.lines.iter().filter_map(|line| find(line)).take(count).collect() };
        let waiting = |state: &mut State| !state.closed && search(state).len() < count;
        let (state, _) = changed.wait_timeout_while(state.lock().unwrap(), PATIENCE, waiting).unwrap();
        search(&state)
    }

    /// Everything until now.
    pub(crate) fn text(&self) -> String {
        self.state.0.lock().unwrap().lines.join("\n")
    }

    /// Everything, after the process has ended.
    pub(crate) fn complete(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.text()
    }
}
