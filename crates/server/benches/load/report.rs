//! What was found.

use std::{fmt::Write, ops::RangeInclusive, time::Duration};

use serde_json::{Value, json};

use crate::{
    picture::{Rates, svg},
    place::Place,
};

/// Two measurements of one kind.
#[derive(Clone, Copy)]
pub(crate) enum Pair {
    /// How long something takes.
    Times(Duration, Duration),
    /// How much is done in a second.
    Rates(f64, f64),
    /// How many bytes.
    Sizes(u64, u64),
    /// How many of something.
    Counts(u64, u64),
}

impl Pair {
    fn ratio(self) -> f64 {
        match self {
            Self::Times(one, other) => one.as_secs_f64() / other.as_secs_f64(),
            Self::Rates(one, other) => one / other,
            Self::Sizes(one, other) | Self::Counts(one, other) => one as f64 / other as f64,
        }
    }

    /// Both for people to read.
    fn texts(self) -> [String; 2] {
        match self {
            Self::Times(one, other) => [one, other].map(|time| format!("{:.2} ms", time.as_secs_f64() * 1e3)),
            Self::Rates(one, other) => [one, other].map(|rate| {
                let digits = if rate < 100.0 { 1 } else { 0 };
                format!("{rate:.digits$} /s")
            }),
            Self::Sizes(one, other) => [one, other].map(|size| format!("{:.1} MB", size as f64 / 1e6)),
            Self::Counts(one, other) => [one, other].map(|count| count.to_string()),
        }
    }

    /// Both in seconds, per second, in bytes, or as counted.
    fn numbers(self) -> [f64; 2] {
        match self {
            Self::Times(one, other) => [one.as_secs_f64(), other.as_secs_f64()],
            Self::Rates(one, other) => [one, other],
            Self::Sizes(one, other) | Self::Counts(one, other) => [one as f64, other as f64],
        }
    }
}

struct Line {
    place: Place,
    what: String,
    pair: Pair,
    /// Where the ratio must lie. `None` = it is for the record.
    bounds: Option<RangeInclusive<f64>>,
}

impl Line {
    fn holds(&self) -> bool {
        self.bounds.as_ref().is_none_or(|bounds| bounds.contains(&self.pair.ratio()))
    }
}

fn text_of(bounds: &RangeInclusive<f64>) -> String {
    if *bounds.end() == f64::INFINITY {
        format!("{} or more", bounds.start())
    } else {
        format!("{} to {}", bounds.start(), bounds.end())
    }
}

/// All results, in the order of the measurements.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    rates: Vec<Rates>,
}

impl Report {
    /// Adds a ratio that must lie within these bounds, and tells it to whoever waits.
    pub(crate) fn promise(&mut self, place: Place, what: &str, pair: Pair, bounds: RangeInclusive<f64>) {
        self.add(Line { place, what: what.to_owned(), pair, bounds: Some(bounds) });
    }

    /// The same for a ratio that may be what it is.
    pub(crate) fn record(&mut self, place: Place, what: &str, pair: Pair) {
        self.add(Line { place, what: what.to_owned(), pair, bounds: None });
    }

    fn add(&mut self, line: Line) {
        let ([one, other], ratio) = (line.pair.texts(), line.pair.ratio());
        let verdict = if line.holds() { "" } else { ": OUT OF BOUNDS" };
        eprintln!("bench: {}: {}: {one} to {other}, ratio {ratio:.3}{verdict}", line.place.name(), line.what);
        self.lines.push(line);
    }

    /// Adds rates for the picture.
    pub(crate) fn draw(&mut self, rates: Rates) {
        self.rates.push(rates);
    }

    pub(crate) fn picture(&self) -> String {
        svg(&self.rates)
    }

    pub(crate) fn holds(&self) -> bool {
        self.lines.iter().all(Line::holds)
    }

    /// In Markdown, as it stands in `docs/performance.md`.
    pub(crate) fn table(&self) -> String {
        let mut table = "| on | what | this | to that | ratio | promised |\n|---|---|---|---|---|---|".to_owned();
        for line in &self.lines {
            let (place, what, [one, other]) = (line.place.name(), &line.what, line.pair.texts());
            let promised = match &line.bounds {
                Some(bounds) if line.holds() => text_of(bounds),
                Some(bounds) => format!("**{}**", text_of(bounds)),
                None => String::new(),
            };
            // Writing to a text cannot fail.
            let _ = write!(table, "\n| {place} | {what} | {one} | {other} | {:.3} | {promised} |", line.pair.ratio());
        }
        table
    }

    /// Times in seconds, rates per second.
    pub(crate) fn json(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            let [this, that] = line.pair.numbers();
            let bounds = line.bounds.as_ref().map(|bounds| [*bounds.start(), *bounds.end()]);
            json!({
                "on": line.place.name(), "what": line.what, "this": this, "that": that,
                "ratio": line.pair.ratio(), "bounds": bounds, "holds": line.holds(),
            })
        });
        lines.collect()
    }
}
