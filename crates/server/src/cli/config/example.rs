//! `contacts config example`: the template of a `.env` file.

use clap::Command;

use crate::{config::template, failure::Outcome, output};

pub(super) fn command() -> Command {
    Command::new("example").about("Prints a commented template of a .env file")
}

pub(super) fn run() -> Outcome {
    Ok(output::print(&template())?)
}
