//! Statements that take long are logged.

use std::time::{Duration, Instant};

/// As long as nobody notices.
const PATIENCE: Duration = Duration::from_millis(500);

/// A statement that is being carried out.
pub(crate) struct Watch {
    since: Instant,
    statement: Statement,
}

/// Where a statement is written in this crate: its text would show what people look for.
#[derive(Clone, Copy)]
pub(crate) struct Statement {
    pub(crate) module: &'static str,
    pub(crate) line: u32,
}

impl Watch {
    pub(crate) fn on(statement: Statement) -> Self {
        Self { since: Instant::now(), statement }
    }

    /// Says so where the statement took long.
    pub(crate) fn end(self) {
        self.end_after(self.since.elapsed());
    }

    fn end_after(&self, took: Duration) {
        if took >= PATIENCE {
            let Statement { module, line } = self.statement;
            tracing::warn!(module, line, milliseconds = took.as_secs_f64() * 1000.0, "a statement took long");
        }
    }
}

/// Watches the statement that follows.
macro_rules! watch {
    () => {
        $crate::slow::Watch::on($crate::slow::Statement { module: module_path!(), line: line!() })
    };
}

pub(crate) use watch;
