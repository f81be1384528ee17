//! `make bench`: what the service promises about time, measured on the real binary with real requests.
//!
//! Every result is a ratio of two measurements that alternate in one run, for machines differ, and each is
//! noisier than it seems. What is promised has bounds, and the exit status says whether they held.
//! `docs/performance.md` has the numbers and what was learnt from them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on says so in the shortest way; its results are its output"
)]

mod beside_the_floor;
mod cached_user;
mod cost;
mod flood;
#[path = "../../../../benches/floor.rs"]
mod floor;
mod growth;
#[path = "../../tests/api/harness/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "the tests of the API need more of it")]
mod harness;
mod instructions;
mod load;
mod login;
mod options;
mod pgbench;
mod picture;
mod place;
mod readers_in_a_flood;
mod report;
mod start;
mod statistics;
mod writes;
mod wrk;

use std::process::ExitCode;

use options::{Benchmark, Options};
use report::Report;

fn main() -> ExitCode {
    if beside_the_floor::is_floor() {
        return ExitCode::SUCCESS;
    }
    measure()
}

#[tokio::main]
async fn measure() -> ExitCode {
    let options = Options::of_this_process();
    let mut report = Report::default();
    if options.benchmarks.contains(&Benchmark::Floor) {
        beside_the_floor::run(&options, &mut report).await;
    }
    for place in &options.places {
        for benchmark in &options.benchmarks {
            match benchmark {
                // It has both places side by side.
                Benchmark::Floor => {}
                Benchmark::Start => start::run(*place, &options, &mut report).await,
                Benchmark::Writes => writes::run(*place, &options, &mut report).await,
                Benchmark::Login => login::run(*place, &options, &mut report).await,
                Benchmark::Flood => readers_in_a_flood::run(*place, &options, &mut report).await,
                Benchmark::Growth => growth::run(*place, &options, &mut report).await,
                Benchmark::Instructions => instructions::run(*place, &mut report).await,
                Benchmark::Cache => cached_user::run(*place, &options, &mut report).await,
            }
        }
    }
    if let Some(path) = &options.results {
        std::fs::write(path, format!("{:#}\n", report.json())).expect("write the results");
    }
    if let Some(path) = &options.picture {
        std::fs::write(path, report.picture()).expect("write the picture");
    }
    println!("{}", if options.json { report.json().to_string() } else { report.table() });
    if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
