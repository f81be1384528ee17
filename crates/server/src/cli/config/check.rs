//! `contacts config check`: everything that is wrong, at once.

use clap::{ArgMatches, Command};

use crate::{
    cli::flags::flags,
    config::{Config, Loaded, table::SETTINGS},
    failure::Outcome,
    output,
    surroundings::Surroundings,
    wiring,
};

pub(super) fn command() -> Command {
    Command::new("check")
        .about("Lists all faults of the configuration; exits with 2 if there is one")
        .args(flags(&SETTINGS))
}

pub(super) fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let Loaded { config, warnings, .. } = Config::load(&around.layers(matches, &SETTINGS), around.terminals);
    let mut text: String = warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    let config = config.and_then(|config| wiring::check(&config));
    if config.is_ok() {
        text.push_str("The configuration has no faults.\n");
    }
    output::print(&text)?;
    config?;
    Ok(())
}
