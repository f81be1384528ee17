//! What PostgreSQL can do when nothing stands before it.

use std::{io::Write, time::Duration};

use reqwest::Url;
use tempfile::NamedTempFile;

use crate::harness::PostgresServer;

/// How often a second as many clients run this script, each again and again, with prepared statements.
pub(crate) fn rate(database: &Url, script: &str, clients: usize, time: Duration) -> f64 {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(script.as_bytes()).unwrap();
    let output = PostgresServer::program("pgbench")
        .args(["--no-vacuum", "--protocol", "prepared", "--client", &clients.to_string(), "--time"])
        .arg(time.as_secs().to_string())
        .arg("--file")
        .arg(file.path())
        .arg(database.as_str())
        .output()
        .expect("run pgbench");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    found.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}
