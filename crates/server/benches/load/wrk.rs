//! Load by `wrk`, which costs the machine less than a client of ours would.

use std::{io::Write, process::Command, time::Duration};

use tempfile::NamedTempFile;

/// As many connections as are busy at once.
const CONNECTIONS: usize = 16;
/// How long a connection rests between two requests where the load has a given rate.
const REST: Duration = Duration::from_millis(5);

/// What one run found.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// What is asked, and by whom.
pub(crate) struct Load {
    url: String,
    tokens: Vec<String>,
    connections: usize,
    /// What Lua does for each request.
    script: String,
}

impl Load {
    /// This is read again and again.
    pub(crate) fn reading(url: &str, token: Option<&str>) -> Self {
        let tokens = token.map(str::to_owned).into_iter().collect();
        Self { url: url.to_owned(), tokens, connections: CONNECTIONS, script: String::new() }
    }

    /// Requests that Lua makes: `script` defines `one(headers)`, which returns a request. Each is sent by the next of
    /// these users.
    pub(crate) fn of_users(url: &str, tokens: Vec<String>, script: &str) -> Self {
        let quoted: Vec<String> = tokens.iter().map(|token| format!("\"{token}\"")).collect();
        let script = format!(
            "local tokens, turn = {{ {} }}, 0\n{script}\nfunction request()\n turn = turn % #tokens + 1\n \
             return one({{ [\"Authorization\"] = \"Bearer \" .. tokens[turn], [\"Content-Type\"] = \"application/json\" }})\n\
             end\n",
            quoted.join(", ")
        );
        Self { url: url.to_owned(), tokens: Vec::new(), connections: CONNECTIONS, script }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.tokens.first().map(String::as_str)
    }

    /// The same, about so often a second: how many connections that takes is tried first.
    pub(crate) fn paced(mut self, per_second: f64, time: Duration) -> Self {
        self.script.push_str(&format!("function delay() return {} end\n", REST.as_millis()));
        self.connections = ((per_second * REST.as_secs_f64()).ceil() as usize).max(1);
        for _ in 0..2 {
            let needed = self.connections as f64 * per_second / self.run(time).per_second;
            self.connections = (needed.round() as usize).max(1);
        }
        self
    }

    /// Sends it for so long.
    pub(crate) fn run(&self, time: Duration) -> Run {
        let mut command = Command::new("wrk");
        command.args(["--threads", "1", "--latency", "--connections", &self.connections.to_string(), "--duration"]);
        command.arg(format!("{}s", time.as_secs()));
        for token in &self.tokens {
            command.arg("--header").arg(format!("Authorization: Bearer {token}"));
        }
        let mut script = NamedTempFile::new().unwrap();
        if !self.script.is_empty() {
            script.write_all(self.script.as_bytes()).unwrap();
            command.arg("--script").arg(script.path());
        }
        let output = command.arg(&self.url).output().expect("this needs wrk: apt-get install wrk");
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
