//! What a process writes, as it comes.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

/// So long that only a process that hangs exceeds it.
const PATIENCE: Duration = Duration::from_secs(90);

/// The lines of streams, in the order in which they come. Each stream is read by a thread of its own, so that no
/// process waits for a full pipe.
pub(crate) struct Output {
    state: Arc<(Mutex<State>, Condvar)>,
    readers: Vec<JoinHandle<()>>,
}

struct State {
    lines: Vec<String>,
    /// How many streams there is more to come from.
    open: usize,
}

impl Output {
    pub(crate) fn of<S: Read + Send + 'static>(streams: Vec<S>) -> Self {
        let state = State { lines: Vec::new(), open: streams.len() };
        let state = Arc::new((Mutex::new(state), Condvar::new()));
        let read = |stream| {
            let shared = Arc::clone(&state);
            thread::spawn(move || {
                let (state, changed) = &*shared;
                for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                    state.lock().unwrap().lines.push(String::from_utf8_lossy(&line).into_owned());
                    changed.notify_all();
                }
                state.lock().unwrap().open -= 1;
                changed.notify_all();
            })
        };
        let readers = streams.into_iter().map(read).collect();
        Self { state, readers }
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
        let waiting = |state: &mut State| state.open > 0 && search(state).len() < count;
        let (state, _) = changed.wait_timeout_while(state.lock().unwrap(), PATIENCE, waiting).unwrap();
        search(&state)
    }

    /// Everything until now.
    pub(crate) fn text(&self) -> String {
        self.state.0.lock().unwrap().lines.join("\n")
    }

    /// Everything, after the process has ended.
    pub(crate) fn complete(&mut self) -> String {
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        self.text()
    }
}
