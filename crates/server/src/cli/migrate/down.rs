//! `contacts migrate down`: reverts migrations, with the data that is in what they made.

use clap::{Arg, ArgMatches, Command, builder::RangedU64ValueParser};
use contacts_diesel::{DatabaseUrl, migrations};

use super::{SETTINGS, failure};
use crate::{cli::flags::flags, failure::Failure};

const STEPS: &str = "steps";

pub(super) fn command() -> Command {
    Command::new("down")
        .about("Reverts the last migrations; the data in what they made is lost")
        .arg(
            Arg::new(STEPS)
                .long(STEPS)
                .value_name("NUMBER")
                .default_value("1")
                .value_parser(RangedU64ValueParser::<usize>::new().range(1..))
                .help("How many"),
        )
        .args(flags(&SETTINGS))
}

pub(super) async fn run(url: &DatabaseUrl, matches: &ArgMatches) -> Result<String, Failure> {
    let steps = matches.get_one(STEPS).copied().unwrap_or(1);
    let reverted = migrations::down(url, steps).await.map_err(|error| failure(url, &error))?;
    Ok(match reverted.as_slice() {
        [] => format!("{} has nothing to revert.\n", url.redacted()),
        names => names.iter().map(|name| format!("reverted {name}\n")).collect(),
    })
}
