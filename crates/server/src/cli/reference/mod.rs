//! `contacts reference`: pages of the documentation that the code itself knows best. `make reference` writes them.

mod commands;
mod configuration;
mod errors;

use clap::{ArgMatches, Command};

use crate::{
    failure::{Failure, Outcome},
    output,
};

pub(super) fn command() -> Command {
    Command::new("reference")
        .about("Prints a page of the documentation, in Markdown; needs no configuration")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("errors").about("The codes of problems, and what a client does about them"))
        .subcommand(Command::new("configuration").about("Every setting"))
        .subcommand(Command::new("commands").about("Every command, with its help"))
}

pub(super) fn run(matches: &ArgMatches) -> Outcome {
    let page = match matches.subcommand_name() {
        Some("errors") => errors::page(),
        Some("configuration") => configuration::page(),
        Some("commands") => commands::page(),
        _ => return Err(Failure::new("This command is not known.")),
    };
    Ok(output::print(&page)?)
}

/// What stands in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_in_the_repository_are_those_of_the_code() {
        for (kept, page, name) in [
            (include_str!("../../../../../docs/reference/errors.md"), errors::page(), "errors"),
            (include_str!("../../../../../docs/reference/configuration.md"), configuration::page(), "configuration"),
            (include_str!("../../../../../docs/reference/commands.md"), commands::page(), "commands"),
        ] {
            assert!(kept == page, "docs/reference/{name}.md is out of date: make reference");
        }
    }
}
