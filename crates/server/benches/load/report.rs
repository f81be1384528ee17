//! What was found.

use std::{fmt::Write, ops::RangeInclusive, time::Duration};

use serde_json::{Value, json};

use crate::{
    picture::{Rates, svg},
    place::Place,
};

/// Two measurements of one kind, or one that is compared with nothing.
#[derive(Clone, Copy)]
pub(crate) enum Figures {
    Time(Duration),
    Rate(f64),
    Count(u64),
    /// How long something takes.
    Times(Duration, Duration),
    /// How much is done in a second.
    Rates(f64, f64),
    /// How many bytes.
    Sizes(u64, u64),
    /// How many of something.
    Counts(u64, u64),
}

impl Figures {
    fn ratio(self) -> Option<f64> {
        let (one, other) = self.numbers();
        Some(one / other?)
    }

    /// Each for people to read.
    fn texts(self) -> (String, String) {
        let (one, other) = self.numbers();
        let text = |number: f64| match self {
            Self::Time(_) | Self::Times(..) => format!("{:.2} ms", number * 1e3),
            Self::Rate(_) | Self::Rates(..) => format!("{number:.*} /s", if number < 100.0 { 1 } else { 0 }),
            Self::Sizes(..) => format!("{:.1} MB", number / 1e6),
            Self::Count(_) | Self::Counts(..) => format!("{number:.0}"),
        };
        (text(one), other.map(text).unwrap_or_default())
    }

    /// In seconds, per second, in bytes, or as counted.
    fn numbers(self) -> (f64, Option<f64>) {
        match self {
            Self::Time(one) => (one.as_secs_f64(), None),
            Self::Rate(one) => (one, None),
            Self::Count(one) => (one as f64, None),
            Self::Times(one, other) => (one.as_secs_f64(), Some(other.as_secs_f64())),
            Self::Rates(one, other) => (one, Some(other)),
            Self::Sizes(one, other) | Self::Counts(one, other) => (one as f64, Some(other as f64)),
        }
    }
}

struct Line {
    place: Place,
    what: String,
    figures: Figures,
    /// Where the ratio must lie. `None` = it is for the record.
    bounds: Option<RangeInclusive<f64>>,
}

impl Line {
    fn holds(&self) -> bool {
        match (&self.bounds, self.figures.ratio()) {
            (Some(bounds), Some(ratio)) => bounds.contains(&ratio),
            _ => true,
        }
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
    pub(crate) fn promise(&mut self, place: Place, what: &str, figures: Figures, bounds: RangeInclusive<f64>) {
        self.add(Line { place, what: what.to_owned(), figures, bounds: Some(bounds) });
    }

    /// The same for a ratio that may be what it is.
    pub(crate) fn record(&mut self, place: Place, what: &str, figures: Figures) {
        self.add(Line { place, what: what.to_owned(), figures, bounds: None });
    }

    fn add(&mut self, line: Line) {
        let (one, other) = line.figures.texts();
        let ratio = line.figures.ratio().map(|ratio| format!(" to {other}, ratio {ratio:.3}")).unwrap_or_default();
        let verdict = if line.holds() { "" } else { ": OUT OF BOUNDS" };
        eprintln!("bench: {}: {}: {one}{ratio}{verdict}", line.place.name(), line.what);
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
            let (place, what, (one, other)) = (line.place.name(), &line.what, line.figures.texts());
            let ratio = line.figures.ratio().map(|ratio| format!("{ratio:.3}")).unwrap_or_default();
            let promised = match &line.bounds {
                Some(bounds) if line.holds() => text_of(bounds),
                Some(bounds) => format!("**{}**", text_of(bounds)),
                None => String::new(),
            };
            // Writing to a text cannot fail.
            let _ = write!(table, "\n| {place} | {what} | {one} | {other} | {ratio} | {promised} |");
        }
        table
    }

    /// Times in seconds, rates per second.
    pub(crate) fn json(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            let (this, that) = line.figures.numbers();
            let bounds = line.bounds.as_ref().map(|bounds| [*bounds.start(), *bounds.end()]);
            json!({
                "on": line.place.name(), "what": line.what, "this": this, "that": that,
                "ratio": line.figures.ratio(), "bounds": bounds, "holds": line.holds(),
            })
        });
        lines.collect()
    }
}
