//! `contacts user reset-password`: a link by mail, or another password at once.

use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_application::{Application, accounts::AddressRequest};
use contacts_domain::validation::ValidationErrors;
use secrecy::ExposeSecret;

use super::{failure, named, password, whose, with_settings};
use crate::{failure::Outcome, output, surroundings::Surroundings};

const SET: &str = "set";

pub(super) fn command() -> Command {
    with_settings(
        Command::new("reset-password")
            .about("Mails a link with which the user chooses another password")
            .arg(whose())
            .arg(Arg::new(SET).long("set").action(ArgAction::SetTrue).help(
                "Sets a password at once instead, and ends every session: it is asked for, or is the first line of the \
                 standard input",
            )),
    )
}

pub(super) async fn run(application: &Application, matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let whose = named(matches);
    let failed = |error| failure(whose, &error);
    let user = application.operators.show.execute(whose).await.map_err(failed)?.user;
    let email = user.email.as_str().to_owned();
    let text = if matches.get_flag(SET) {
        let password = password::read(around)?;
        application.operators.set_password.execute(user.id, password.expose_secret()).await.map_err(failed)?;
        format!("The password of {email} is another one, and every session has ended.\n")
    } else {
        let request = AddressRequest { email: Some(email.clone()), errors: ValidationErrors::new() };
        application.accounts.forgot_password.execute(request).await.map_err(failed)?;
        format!("A link goes to {email} as soon as the service sends mails.\n")
    };
    Ok(output::print(&text)?)
}
