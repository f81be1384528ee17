//! `contacts user disable` and `enable`: whom the service keeps out.

use clap::{ArgMatches, Command};
use contacts_application::Application;

use super::{failure, named, whose, with_settings};
use crate::{failure::Outcome, output};

pub(super) fn command() -> Command {
    let command = Command::new("disable").about("Keeps a user out: ends every session, and lets none begin").long_about(
        "Keeps a user out: ends every session, and lets none begin. A login is answered as with a wrong password. The \
         contacts stay.\n\nA process that remembers the user by itself, as without Redis, does so for 30 seconds at most.",
    );
    with_settings(command.arg(whose()))
}

pub(super) fn enable_command() -> Command {
    with_settings(Command::new("enable").about("Lets a user in again who was disabled").arg(whose()))
}

pub(super) async fn run(application: &Application, matches: &ArgMatches) -> Outcome {
    let whose = named(matches);
    let failed = |error| failure(whose, &error);
    let user = application.operators.show.execute(whose).await.map_err(failed)?.user;
    application.operators.keep_out.disable(user.id).await.map_err(failed)?;
    Ok(output::print(&format!("{} is disabled.\n", user.email.as_str()))?)
}

pub(super) async fn run_enable(application: &Application, matches: &ArgMatches) -> Outcome {
    let whose = named(matches);
    let failed = |error| failure(whose, &error);
    let user = application.operators.show.execute(whose).await.map_err(failed)?.user;
    application.operators.keep_out.enable(user.id).await.map_err(failed)?;
    Ok(output::print(&format!("{} is enabled.\n", user.email.as_str()))?)
}
