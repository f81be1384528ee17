//! The binary `contacts`: command line, configuration, wiring.
//!
//! | to find | look in |
//! |---|---|
//! | a command | `cli`, one file each |
//! | a setting | `config::table` |
//! | which adapter is used when | `wiring`, and nowhere else |
//! | what happens at start, in order | `serve` |
//! | what happens without being asked | `workers` |

mod banner;
mod cli;
mod config;
mod demo;
mod failure;
mod keys;
mod logging;
mod output;
mod serve;
mod signals;
mod surroundings;
mod wiring;
mod workers;

use std::process::ExitCode;

/// Faster than the allocators of C libraries, and than that of musl by far: a request allocates some hundred times. It
/// does without huge pages, of which an idle server would hold several.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run(std::env::args_os(), surroundings::Surroundings::of_this_process()).await
}
