//! `contacts backup` and `contacts restore`: everything that the database holds, in a file, and back.

mod progress;

use std::{path::Path, sync::Arc};

use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_application::contacts::RestartChanges;
use contacts_diesel::backup::{self, BackupError, Content};
use contacts_security::UuidV7Generator;
use serde_json::{Map, json};

use self::progress::Shown;
use super::{flags::flags, migrate, store};
use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

const FILE: &str = "file";
const FORCE: &str = "force";
const REPLACE: &str = "replace";
const JSON: &str = "json";

pub(super) fn command() -> Command {
    Command::new("backup")
        .about("Saves everything that the database holds in a file, while the service runs")
        .long_about(
            "Saves everything that the database holds in a file, while the service runs: what was acknowledged before is in \
             it, and of what is written meanwhile nothing by halves.\n\nThe file is an SQLite database for its owner alone, \
             whichever database it was made of, and can be restored into either. Not in it are the keys in DATA_DIR/keys, \
             without which nobody's password is right, and avatars on disk: save these folders, too.",
        )
        .arg(Arg::new(FILE).value_name("FILE").required(true).help("The file that is made"))
        .arg(Arg::new(FORCE).long("force").action(ArgAction::SetTrue).help("Replaces a file that is there already"))
        .arg(json_flag())
        .args(flags(&migrate::SETTINGS))
}

pub(super) fn restore_command() -> Command {
    Command::new("restore")
        .about("Puts what a backup holds into the database: all of it, or nothing")
        .long_about(
            "Puts what a backup holds into the database, in one transaction: all of it, or nothing. The database is migrated \
             first, and may be of the other kind than that of the backup. Clients that follow changes will read all contacts \
             anew.\n\nStop the service before: it remembers users for some seconds. A mail that was waiting when the backup \
             was made is sent, perhaps a second time.",
        )
        .arg(Arg::new(FILE).value_name("FILE").required(true).help("A file that `contacts backup` made"))
        .arg(
            Arg::new(REPLACE)
                .long("replace")
                .action(ArgAction::SetTrue)
                .help("Deletes what is in the database; otherwise one with users in it is left alone"),
        )
        .arg(json_flag())
        .args(flags(&migrate::SETTINGS))
}

fn json_flag() -> Arg {
    Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON object: the rows of each table")
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let url = migrate::database(matches, around)?;
    let file = file(matches);
    let progress = Arc::new(Shown::new(around));
    let saved = backup::save(&url, Path::new(file), matches.get_flag(FORCE), progress.clone()).await;
    progress.end();
    let content = saved.map_err(|error| match error {
        BackupError::Exists => Failure::new(format!("{file} is there already: --force replaces it.")),
        error => Failure::because(&format!("Cannot save {} in {file}", url.redacted()), &error),
    })?;
    tell(matches, &content, &format!("{} is saved in {file}", url.redacted()))
}

pub(super) async fn run_restore(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let url = migrate::database(matches, around)?;
    let file = file(matches);
    let progress = Arc::new(Shown::new(around));
    let restored = backup::restore(&url, Path::new(file), matches.get_flag(REPLACE), progress.clone()).await;
    progress.end();
    let content = restored.map_err(|error| match error {
        BackupError::NotEmpty(users) => Failure::new(format!(
            "{} has {}: nothing was changed. --replace deletes them and all that is theirs.",
            url.redacted(),
            counted(users, "user")
        )),
        error => Failure::because(&format!("Cannot restore {file} into {}", url.redacted()), &error),
    })?;
    let restart = RestartChanges::new(store::connect(matches, around).await?, Arc::new(UuidV7Generator::new()));
    restart.execute().await.map_err(|error| {
        Failure::because("Everything was restored, but clients were not told: run `contacts changes restart`", &error)
    })?;
    tell(matches, &content, &format!("{file} is restored into {}", url.redacted()))
}

fn file(matches: &ArgMatches) -> &str {
    matches.get_one::<String>(FILE).map(String::as_str).unwrap_or_default()
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn tell(matches: &ArgMatches, content: &Content, done: &str) -> Outcome {
    let rows: Map<_, _> = content.tables.iter().map(|(table, rows)| ((*table).to_owned(), json!(rows))).collect();
    let count = |name| content.tables.iter().find(|(table, _)| *table == name).map_or(0, |(_, rows)| *rows);
    let text = match matches.get_flag(JSON) {
        true => format!("{}\n", json!({"rows": rows})),
        false => format!("{done}: {}, {}.\n", counted(count("users"), "user"), counted(count("contacts"), "contact")),
    };
    Ok(output::print(&text)?)
}
