//! `contacts user`: accounts, as an operator sees and changes them.

mod create;
mod disable;
mod list;
mod password;
mod reset_password;
mod show;
mod verify;

use std::sync::Arc;

use clap::{Arg, ArgMatches, Command};
use contacts_application::{Application, Error};

use super::flags::flags;
use crate::{
    config::{Config, table::SETTINGS},
    failure::{Failure, Outcome},
    keys::Keys,
    surroundings::Surroundings,
    wiring,
};

const USER: &str = "user";

pub(super) fn command() -> Command {
    Command::new("user")
        .about("Lists, makes, verifies, disables and enables accounts, and resets passwords")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            list::command(),
            show::command(),
            create::command(),
            verify::command(),
            disable::command(),
            disable::enable_command(),
            reset_password::command(),
        ])
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let Some((name, matches)) = matches.subcommand() else {
        return Err(Failure::new("This command is not known."));
    };
    let application = application(matches, around).await?;
    match name {
        "list" => list::run(&application, matches).await,
        "show" => show::run(&application, matches).await,
        "create" => create::run(&application, matches, around).await,
        "verify" => verify::run(&application, matches).await,
        "disable" => disable::run(&application, matches).await,
        "enable" => disable::run_enable(&application, matches).await,
        "reset-password" => reset_password::run(&application, matches, around).await,
        _ => Err(Failure::new("This command is not known.")),
    }
}

/// The use cases with the configuration of the service: the same database, cache and pepper.
async fn application(matches: &ArgMatches, around: &Surroundings) -> Result<Arc<Application>, Failure> {
    let config = Config::load(&around.layers(matches, &SETTINGS), around.terminals).config?;
    wiring::check(&config)?;
    let keys = Keys::load(&config)?;
    let public_url = config.server.public_url(config.server.bind_address);
    Ok(wiring::wire(&config, &keys, &public_url).await?.application)
}

/// The argument that names a user.
fn whose() -> Arg {
    Arg::new(USER).value_name("EMAIL or ID").required(true).help("Whose account: their address or their id")
}

fn named(matches: &ArgMatches) -> &str {
    matches.get_one::<String>(USER).map(String::as_str).unwrap_or_default()
}

/// A command with the flags of all settings.
fn with_settings(command: Command) -> Command {
    command.args(flags(&SETTINGS))
}

/// What to say where it cannot be done.
fn failure(whose: &str, error: &Error) -> Failure {
    match error {
        Error::NotFound => Failure::new(format!("Nobody has an account with the address or the id {whose}.")),
        Error::EmailTaken => Failure::new(format!("There is an account with the address {whose} already.")),
        Error::Invalid(faults) => {
            let faults: Vec<_> = faults.iter().map(|fault| format!("{}: {}", fault.field(), fault.message)).collect();
            Failure::new(format!("That cannot be done. {}", faults.join(" ")))
        }
        error => Failure::because("Cannot work on the accounts", error),
    }
}
