//! `contacts migrate up`: applies what is pending.

use clap::Command;
use contacts_diesel::{DatabaseUrl, migrations};

use super::{SETTINGS, failure};
use crate::{cli::flags::flags, failure::Failure};

pub(super) fn command() -> Command {
    Command::new("up").about("Applies all migrations that are pending").args(flags(&SETTINGS))
}

pub(super) async fn run(url: &DatabaseUrl) -> Result<String, Failure> {
    let applied = migrations::up(url).await.map_err(|error| failure(url, &error))?;
    let mut text: String = applied.iter().map(|name| format!("applied  {name}\n")).collect();
    text.push_str(&format!("{} is up to date.\n", url.redacted()));
    Ok(text)
}
