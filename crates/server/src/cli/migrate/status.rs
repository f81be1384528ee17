//! `contacts migrate status`: every migration, applied or pending.

use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_diesel::{
    DatabaseUrl,
    migrations::{self, Migration},
};
use serde_json::{Value, json};

use super::{SETTINGS, failure};
use crate::{cli::flags::flags, failure::Failure};

const JSON: &str = "json";

pub(super) fn command() -> Command {
    Command::new("status")
        .about("Lists all migrations, applied or pending")
        .arg(Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON array"))
        .args(flags(&SETTINGS))
}

pub(super) async fn run(url: &DatabaseUrl, matches: &ArgMatches) -> Result<String, Failure> {
    let all = migrations::status(url).await.map_err(|error| failure(url, &error))?;
    Ok(if matches.get_flag(JSON) { as_json(&all) } else { as_text(&all) })
}

fn as_text(all: &[Migration]) -> String {
    let state = |applied| if applied { "applied" } else { "pending" };
    all.iter().map(|migration| format!("{}  {}\n", state(migration.applied), migration.name)).collect()
}

fn as_json(all: &[Migration]) -> String {
    let all = all.iter().map(|migration| json!({ "name": migration.name, "applied": migration.applied }));
    format!("{:#}\n", Value::Array(all.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_as_text_and_as_json() {
        let all = [("one", true), ("two", false)].map(|(name, applied)| Migration { name: name.into(), applied });
        assert_eq!(as_text(&all), "applied  one\npending  two\n");
        let parsed: Value = serde_json::from_str(&as_json(&all)).unwrap();
        assert_eq!(parsed, json!([{ "name": "one", "applied": true }, { "name": "two", "applied": false }]));
    }
}
