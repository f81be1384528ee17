//! `contacts backup`: an archive of the whole database, while the service runs.

mod destination;

use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_diesel::backup::dump;
use contacts_domain::ports::Clock;
use contacts_security::SystemClock;

use self::destination::Destination;
use super::{archive, flags::flags, migrate};
use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

const FILE: &str = "file";
const FORCE: &str = "force";

const LONG_ABOUT: &str = "\
Writes an archive of the whole database to a file, while the service runs and writes on.

Whatever was acknowledged before is in it. What is written meanwhile is in it as whole transactions or not at all. The \
archive fits into either database. It holds everybody's data: its file is for its owner alone, and nothing in it is \
encrypted.

It holds neither the keys (JWT_SECRET and PASSWORD_PEPPER, or the files in DATA_DIR/keys), without which no password can \
be checked, nor avatars on disk (DATA_DIR/media).";

pub(super) fn command() -> Command {
    Command::new("backup")
        .about("Writes an archive of the whole database, while the service runs")
        .long_about(LONG_ABOUT)
        .arg(
            Arg::new(FILE)
                .value_name("FILE")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help("Where it goes; - is the standard output"),
        )
        .arg(Arg::new(FORCE).long("force").action(ArgAction::SetTrue).help("Replaces a file that is there"))
        .arg(archive::json())
        .args(flags(&migrate::SETTINGS))
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let url = migrate::database(matches, around)?;
    let destination = Destination::of(matches.get_one(FILE), matches.get_flag(FORCE))?;
    let sink = destination.open()?;
    let done = dump(&url, SystemClock.now(), sink, archive::progress(around)).await;
    archive::end_of_progress(around);
    let (sink, summary) =
        done.map_err(|error| Failure::because(&format!("Cannot back up {}", url.redacted()), &error))?;
    let bytes = destination.keep(sink)?;

    let text = if matches.get_flag(archive::JSON) {
        let mut result = archive::as_json(&summary);
        result["bytes"] = bytes.into();
        format!("{result}\n")
    } else {
        format!(
            "{}{destination} holds {} as of {}, in {bytes} bytes.\n\
             It holds neither keys nor avatars on disk: keep copies of DATA_DIR/keys and DATA_DIR/media.\n",
            archive::tables(&summary),
            archive::rows(summary.rows()),
            summary.header.created_at
        )
    };
    match destination {
        Destination::File { .. } => output::print(&text)?,
        // The archive is there already.
        Destination::Output => output::complain(&text),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_needs_a_file() {
        let parse = |arguments: &[&str]| command().try_get_matches_from(arguments);
        assert!(parse(&["backup", "a.jsonl.gz"]).is_ok());
        assert!(parse(&["backup", "-", "--json"]).is_ok());
        assert!(parse(&["backup", "a.jsonl.gz", "--force", "--database-url", "sqlite://a.db"]).is_ok());
        assert!(parse(&["backup"]).is_err());
    }
}
