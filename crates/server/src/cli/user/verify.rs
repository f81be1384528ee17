//! `contacts user verify`: an address that is known to be theirs.

use clap::{ArgMatches, Command};
use contacts_application::Application;

use super::{failure, named, whose, with_settings};
use crate::{failure::Outcome, output};

pub(super) fn command() -> Command {
    with_settings(Command::new("verify").about("Takes the address of an account for verified").arg(whose()))
}

pub(super) async fn run(application: &Application, matches: &ArgMatches) -> Outcome {
    let whose = named(matches);
    let failed = |error| failure(whose, &error);
    let user = application.operators.show.execute(whose).await.map_err(failed)?.user;
    let text = match application.operators.verify.execute(user.id).await.map_err(failed)? {
        true => format!("{} is verified.\n", user.email.as_str()),
        false => format!("{} was verified already.\n", user.email.as_str()),
    };
    Ok(output::print(&text)?)
}
