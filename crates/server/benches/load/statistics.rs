//! How long requests took, and how many there were.

use std::time::Duration;

/// The times of many requests.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn median(&self) -> Duration {
        self.quantile(0.5)
    }

    /// What one request in a hundred exceeds.
    pub(crate) fn p99(&self) -> Duration {
        self.quantile(0.99)
    }

    fn quantile(&self, part: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (part * sorted.len() as f64).ceil() as usize;
        sorted[rank.saturating_sub(1)]
    }
}

impl FromIterator<Self> for Times {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        Self(all.into_iter().flat_map(|times| times.0).collect())
    }
}

/// The times of several rounds. What is said of them is the median of what is said of each: one round in which the
/// machine had other things to do decides nothing.
#[derive(Default)]
pub(crate) struct Rounds(Vec<Times>);

impl Rounds {
    pub(crate) fn push(&mut self, round: Times) {
        self.0.push(round);
    }

    pub(crate) fn median(&self) -> Duration {
        self.median_of(Times::median)
    }

    pub(crate) fn p99(&self) -> Duration {
        self.median_of(Times::p99)
    }

    fn median_of(&self, what: impl Fn(&Times) -> Duration) -> Duration {
        Times(self.0.iter().map(what).collect()).median()
    }
}

/// How often something happened, in how much time.
#[derive(Default)]
pub(crate) struct Rate {
    count: usize,
    time: Duration,
}

impl Rate {
    pub(crate) const fn of(count: usize, time: Duration) -> Self {
        Self { count, time }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.time += other.time;
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.count as f64 / self.time.as_secs_f64()
    }
}
