//! `contacts user create`: an account for somebody.

use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_application::Application;
use contacts_domain::user::Registration;
use secrecy::ExposeSecret;

use super::{failure, password, with_settings};
use crate::{failure::Outcome, output, surroundings::Surroundings};

const EMAIL: &str = "email";
const VERIFIED: &str = "verified";

pub(super) fn command() -> Command {
    with_settings(
        Command::new("create")
            .about("Makes an account; the password is asked for, or is the first line of the standard input")
            .arg(Arg::new(EMAIL).value_name("EMAIL").required(true).help("The address of the account"))
            .arg(
                Arg::new(VERIFIED)
                    .long("verified")
                    .action(ArgAction::SetTrue)
                    .help("Takes the address for verified; otherwise a link is mailed there"),
            ),
    )
}

pub(super) async fn run(application: &Application, matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let email = matches.get_one::<String>(EMAIL).cloned().unwrap_or_default();
    let password = password::read(around)?;
    let registration = Registration {
        email: Some(email.clone()),
        password: Some(password.expose_secret().to_owned()),
        ..Registration::default()
    };
    let user = application.accounts.register.by_operator(registration).await;
    let user = user.map_err(|error| failure(&email, &error))?;
    if matches.get_flag(VERIFIED) {
        application.operators.verify.execute(user.id).await.map_err(|error| failure(&email, &error))?;
    }
    Ok(output::print(&format!("{}\n", user.id))?)
}
