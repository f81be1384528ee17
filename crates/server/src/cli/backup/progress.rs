//! How far long work has come: a line that moves for people, plain lines for everybody else.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use contacts_diesel::backup::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{output, surroundings::Surroundings};

const TICK: Duration = Duration::from_millis(100);

/// Shows which table is being copied, on the standard error.
pub(super) struct Shown {
    /// `None` where nobody looks: there each table gets one line.
    bar: Option<ProgressBar>,
    last: Mutex<Option<(String, u64)>>,
}

impl Shown {
    pub(super) fn new(around: &Surroundings) -> Self {
        let bar = around.terminals.stderr.then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos}  {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Self { bar, last: Mutex::default() }
    }

    /// Leaves the terminal as it was.
    pub(super) fn end(&self) {
        match &self.bar {
            Some(bar) => bar.finish_and_clear(),
            None => say(self.last.lock().unwrap_or_else(PoisonError::into_inner).take()),
        }
    }
}

impl Progress for Shown {
    fn copied(&self, table: &str, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(table.to_owned());
            bar.set_position(rows);
            return;
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.replace((table.to_owned(), rows));
        say(before.filter(|(before, _)| before != table));
    }
}

fn say(table: Option<(String, u64)>) {
    if let Some((table, rows)) = table {
        output::complain(&format!("{table}: {rows}\n"));
    }
}
