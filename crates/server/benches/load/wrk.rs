//! Load by `wrk`, which costs the machine less than a client of ours would.

use std::{process::Command, time::Duration};

/// As many connections as are busy at once.
const CONNECTIONS: &str = "16";

/// What one run found.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

/// Asks for this again and again, for so long.
pub(crate) fn run(url: &str, token: Option<&str>, time: Duration) -> Run {
    let mut command = Command::new("wrk");
    command.args(["--threads", "1", "--connections", CONNECTIONS, "--latency", "--duration"]);
    command.arg(format!("{}s", time.as_secs()));
    if let Some(token) = token {
        command.arg("--header").arg(format!("Authorization: Bearer {token}"));
    }
    let output = command.arg(url).output().expect("this needs wrk: apt-get install wrk");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && !text.contains("Non-2xx"), "{text}");
    let after =
        |label: &str| text.split(label).nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a figure");
    Run {
        per_second: after("Requests/sec:").parse().unwrap(),
        p50: duration(after(" 50%")),
        p99: duration(after(" 99%")),
    }
}

/// The median of the rates.
pub(crate) fn rate(runs: &[Run]) -> f64 {
    let mut rates: Vec<f64> = runs.iter().map(|run| run.per_second).collect();
    rates.sort_unstable_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// The medians of the times that half of the requests, and that one in a hundred exceeds.
pub(crate) fn latencies(runs: &[Run]) -> (Duration, Duration) {
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    (median(runs.iter().map(|run| run.p50).collect()), median(runs.iter().map(|run| run.p99).collect()))
}

/// As `wrk` writes it: `612.00us`, `1.25ms`, `1.02s`.
fn duration(text: &str) -> Duration {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap());
    let seconds = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        unit => panic!("no such unit: {unit}"),
    };
    Duration::from_secs_f64(number.parse::<f64>().unwrap() * seconds)
}
