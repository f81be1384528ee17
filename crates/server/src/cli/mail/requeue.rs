//! `contacts mail requeue`: mails that were given up are tried again.

use std::sync::Arc;

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};
use contacts_application::{Error, mail::RequeueMails};
use contacts_domain::{ids::MailId, ports::UnitOfWorkFactory};
use contacts_security::SystemClock;

use super::{failure, migrate};
use crate::{cli::flags::flags, failure::Failure};

const ID: &str = "id";
const ALL: &str = "all";

pub(super) fn command() -> Command {
    Command::new("requeue")
        .about("Has mails that were given up tried again, at once")
        .arg(
            Arg::new(ID)
                .value_name("ID")
                .action(ArgAction::Append)
                .help("Which mails, as `contacts mail list` names them"),
        )
        .arg(Arg::new(ALL).long("all").action(ArgAction::SetTrue).help("All of them"))
        .group(ArgGroup::new("which").args([ID, ALL]).required(true))
        .args(flags(&migrate::SETTINGS))
}

pub(super) async fn run(store: Arc<dyn UnitOfWorkFactory>, matches: &ArgMatches) -> Result<String, Failure> {
    let requeue = RequeueMails::new(store, Arc::new(SystemClock));
    if matches.get_flag(ALL) {
        let count = requeue.all().await.map_err(failure)?;
        let mails = if count == 1 { "mail" } else { "mails" };
        return Ok(format!("{count} {mails} will be tried again.\n"));
    }
    let mut text = String::new();
    for id in matches.get_many::<String>(ID).into_iter().flatten() {
        let unknown = || Failure::new(format!("No mail with the id {id} was given up."));
        let mail = MailId::parse(id).ok_or_else(unknown)?;
        match requeue.one(mail).await {
            Ok(()) => text.push_str(&format!("{id} will be tried again.\n")),
            Err(Error::NotFound) => return Err(unknown()),
            Err(error) => return Err(failure(error)),
        }
    }
    Ok(text)
}
