//! `contacts doctor`: whether everything is there that the service needs, each in a sentence.

mod checks;
mod finding;

use clap::{Arg, ArgAction, ArgMatches, Command};

use self::finding::{Finding, Verdict};
use super::flags::flags;
use crate::{
    config::{Config, table::SETTINGS},
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

const JSON: &str = "json";

pub(super) fn command() -> Command {
    Command::new("doctor")
        .about("Checks all that the service needs, and says what is wrong and what to do about it")
        .long_about(
            "Checks the configuration, the keys, the database, Redis, the mail server, Cloudinary and the port, and says of \
             each in a sentence what is wrong and what to do about it. Nothing is changed, and no mail is sent. Exits with 0 \
             where all is well, else with 1.",
        )
        .arg(Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON object a line"))
        .args(flags(&SETTINGS))
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let findings = match Config::load(&around.layers(matches, &SETTINGS), around.terminals).config {
        Ok(config) => checks::all(&config).await,
        Err(faults) => vec![Finding::wrong("configuration", faults.to_string())],
    };
    let colour = around.colour_on_stdout();
    let text: String = match matches.get_flag(JSON) {
        true => findings.iter().map(Finding::as_json).collect(),
        false => findings.iter().map(|finding| finding.as_line(colour)).collect(),
    };
    output::print(&text)?;
    match findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count() {
        0 => Ok(()),
        1 => Err(Failure::new("One thing is wrong.")),
        count => Err(Failure::new(format!("{count} things are wrong."))),
    }
}
