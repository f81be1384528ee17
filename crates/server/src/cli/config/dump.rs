//! `contacts config dump`: the effective values, and where each came from.

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, json};

use crate::{
    banner::columns,
    cli::flags::flags,
    config::{Config, Loaded, Row, table::SETTINGS},
    failure::Outcome,
    output,
    surroundings::Surroundings,
};

const JSON: &str = "json";

pub(super) fn command() -> Command {
    Command::new("dump")
        .about("Shows the effective values and where each came from, without secrets")
        .arg(Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON object"))
        .args(flags(&SETTINGS))
}

pub(super) fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let Loaded { config, rows, .. } = Config::load(&around.layers(matches, &SETTINGS), around.terminals);
    output::print(&if matches.get_flag(JSON) { as_json(&rows) } else { as_text(&rows) })?;
    // What is wrong is easier to find with the origins on the screen, so they come first.
    config?;
    Ok(())
}

fn as_text(rows: &[Row]) -> String {
    columns(rows).into_iter().map(|line| line + "\n").collect()
}

fn as_json(rows: &[Row]) -> String {
    let object: Map<_, _> = rows
        .iter()
        .map(|row| (row.name.to_owned(), json!({ "value": row.value, "origin": row.origin.to_string() })))
        .collect();
    format!("{:#}\n", serde_json::Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Origin;

    #[test]
    fn the_same_as_text_and_as_json() {
        let row = |name, value: &str, origin| Row { name, value: value.to_owned(), origin };
        let rows = [row("LOG_LEVEL", "info", Origin::Default), row("JWT_SECRET", "***", Origin::DotEnv)];
        assert_eq!(as_text(&rows), "LOG_LEVEL   info  default\nJWT_SECRET  ***   .env\n");
        let parsed: serde_json::Value = serde_json::from_str(&as_json(&rows)).unwrap();
        assert_eq!(parsed["JWT_SECRET"], json!({ "value": "***", "origin": ".env" }));
    }
}
