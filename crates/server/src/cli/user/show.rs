//! `contacts user show`: one account.

use chrono::SecondsFormat;
use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_application::Application;
use contacts_domain::{Timestamp, user::Account};
use serde_json::json;

use super::{failure, named, whose, with_settings};
use crate::{failure::Outcome, output};

const JSON: &str = "json";

pub(super) fn command() -> Command {
    with_settings(
        Command::new("show")
            .about("Shows an account")
            .arg(whose())
            .arg(Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON object")),
    )
}

pub(super) async fn run(application: &Application, matches: &ArgMatches) -> Outcome {
    let whose = named(matches);
    let account = application.operators.show.execute(whose).await.map_err(|error| failure(whose, &error))?;
    let text = if matches.get_flag(JSON) { as_json(&account) } else { as_line(&account) };
    Ok(output::print(&text)?)
}

/// The id, the address, what is special, and when they were last here.
pub(super) fn as_line(account: &Account) -> String {
    let Account { user, disabled, last_login_at } = account;
    let mut line = format!("{}  {}", user.id, user.email.as_str());
    line.push_str(if user.email_verified { "  verified" } else { "  not verified" });
    if *disabled {
        line.push_str("  disabled");
    }
    match last_login_at {
        Some(at) => line.push_str(&format!("  last login {}", seconds(*at))),
        None => line.push_str("  never logged in"),
    }
    line + "\n"
}

pub(super) fn as_json(account: &Account) -> String {
    let Account { user, disabled, last_login_at } = account;
    let micros = |at: &Timestamp| at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let entry = json!({
        "id": user.id.to_string(),
        "email": user.email.as_str(),
        "email_verified": user.email_verified,
        "disabled": disabled,
        "name": user.name.as_ref().map(|name| name.as_str()),
        "language": user.language.tag(),
        "time_zone": user.time_zone.name(),
        "created_at": micros(&user.created_at),
        "last_login_at": last_login_at.as_ref().map(micros),
    });
    format!("{entry}\n")
}

fn seconds(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
