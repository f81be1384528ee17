//! `contacts restore`: an archive into a database.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_diesel::backup::{RestoreOptions, restore};
use contacts_domain::{ids::Epoch, ports::IdGenerator};
use contacts_security::UuidV7Generator;

use super::{archive, flags::flags, migrate};
use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

const FILE: &str = "file";
const REPLACE: &str = "replace";

const LONG_ABOUT: &str = "\
Reads an archive of `contacts backup` into a database, of either kind, whichever it was made of.

End the service first. The database may be missing, but whoever is to own it on PostgreSQL must have made it; its tables \
are made and brought up to date. All is done in one transaction: where anything fails nothing was changed. Clients that \
follow changes will read all contacts anew, as after `contacts changes restart`.

Before the service starts it needs the keys of the time of the backup (JWT_SECRET and PASSWORD_PEPPER, or the files in \
DATA_DIR/keys), and avatars on disk (DATA_DIR/media): neither is in an archive.";

const NOT_IN_IT: &str = "\
Before you start the service, see that it has the keys of the time of the backup (JWT_SECRET and PASSWORD_PEPPER, or \
DATA_DIR/keys) and the avatars (DATA_DIR/media): neither is in an archive. Mails that waited then are sent, even if they \
were sent since.
";

pub(super) fn command() -> Command {
    Command::new("restore")
        .about("Reads an archive into a database that is empty, or is to be replaced")
        .long_about(LONG_ABOUT)
        .arg(
            Arg::new(FILE)
                .value_name("FILE")
                .required(true)
                .value_parser(clap::value_parser!(PathBuf))
                .help("Where it is; - is the standard input"),
        )
        .arg(Arg::new(REPLACE).long("replace").action(ArgAction::SetTrue).help("Gives up all that is in the database"))
        .arg(archive::json())
        .args(flags(&migrate::SETTINGS))
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let url = migrate::database(matches, around)?;
    let source = open(matches.get_one(FILE))?;
    let epoch = Epoch::new(UuidV7Generator::new().next());
    let options = RestoreOptions { epoch, replace: matches.get_flag(REPLACE) };
    let done = restore(&url, source, options, archive::progress(around)).await;
    archive::end_of_progress(around);
    let summary = done.map_err(|error| Failure::because(&format!("Cannot restore into {}", url.redacted()), &error))?;

    let text = if matches.get_flag(archive::JSON) {
        format!("{}\n", archive::as_json(&summary))
    } else {
        format!(
            "{}{} as of {} are in {}. Clients will read all contacts anew.\n{NOT_IN_IT}",
            archive::tables(&summary),
            archive::rows(summary.rows()),
            summary.header.created_at,
            url.redacted(),
        )
    };
    Ok(output::print(&text)?)
}

fn open(path: Option<&PathBuf>) -> Result<Box<dyn Read + Send>, Failure> {
    let path = path.map_or(Path::new("-"), PathBuf::as_path);
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(Failure::because(&format!("Cannot read {}", path.display()), &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restore_needs_a_file_and_says_what_it_lacks() {
        let parse = |arguments: &[&str]| command().try_get_matches_from(arguments);
        assert!(parse(&["restore", "-", "--replace", "--json"]).is_ok());
        assert!(parse(&["restore"]).is_err());
        let missing = PathBuf::from("no/such/file");
        let message = open(Some(&missing)).err().unwrap().message();
        assert!(message.starts_with("Cannot read no/such/file: "), "{message}");
    }
}
