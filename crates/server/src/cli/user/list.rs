//! `contacts user list`: who has an account.

use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_application::Application;

use super::{failure, show, with_settings};
use crate::{failure::Outcome, output};

const HOLDING: &str = "email";
const JSON: &str = "json";
/// How many are read at once: there may be any number of them.
const PAGE: u32 = 500;

pub(super) fn command() -> Command {
    with_settings(
        Command::new("list")
            .about("Lists the accounts in the order of their addresses")
            .arg(Arg::new(HOLDING).long("email").value_name("TEXT").help("Only those whose address holds this text"))
            .arg(Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON object a line")),
    )
}

pub(super) async fn run(application: &Application, matches: &ArgMatches) -> Outcome {
    let holding = matches.get_one::<String>(HOLDING).map(String::as_str).unwrap_or_default();
    let write = if matches.get_flag(JSON) { show::as_json } else { show::as_line };
    let mut last = None;
    loop {
        let page = application.operators.list.execute(last.as_ref(), holding, PAGE).await;
        let page = page.map_err(|error| failure(holding, &error))?;
        output::print(&page.iter().map(write).collect::<String>())?;
        if page.len() < PAGE as usize {
            if last.is_none() && page.is_empty() && !matches.get_flag(JSON) {
                output::print("There is no such account.\n")?;
            }
            return Ok(());
        }
        last = page.into_iter().last();
    }
}
