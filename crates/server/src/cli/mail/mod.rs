//! `contacts mail`: the mails that were given up.

mod list;
mod requeue;

use std::sync::Arc;

use clap::{ArgMatches, Command};
use contacts_diesel::Database;
use contacts_domain::ports::UnitOfWorkFactory;

use super::migrate;
use crate::{
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

pub(super) fn command() -> Command {
    Command::new("mail")
        .about("Shows the mails that could not be sent, and tries them again")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(list::command())
        .subcommand(requeue::command())
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let text = match matches.subcommand() {
        Some(("list", matches)) => list::run(store(matches, around).await?, matches).await,
        Some(("requeue", matches)) => requeue::run(store(matches, around).await?, matches).await,
        _ => Err(Failure::new("This command is not known.")),
    }?;
    Ok(output::print(&text)?)
}

/// The database, with one connection: nothing else is needed.
async fn store(matches: &ArgMatches, around: &Surroundings) -> Result<Arc<dyn UnitOfWorkFactory>, Failure> {
    let url = migrate::database(matches, around)?;
    let shown = url.redacted();
    let database = Database::connect(&contacts_diesel::DatabaseConfig { url, pool_size: Some(1) }).await;
    let database = database.map_err(|error| Failure::because(&format!("Cannot use the database {shown}"), &error))?;
    Ok(Arc::new(database))
}

/// What to say where the outbox cannot be used.
fn failure(error: contacts_application::Error) -> Failure {
    Failure::because("Cannot work on the outbox", &error)
}
