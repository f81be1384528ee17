//! `contacts completions`: what a shell offers when somebody presses Tab.

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::{Shell, generate};

use crate::{failure::Outcome, output};

const SHELL: &str = "shell";

pub(super) fn command() -> Command {
    Command::new("completions")
        .about("Prints what a shell needs to complete commands and flags")
        .after_help("For bash: contacts completions bash > ~/.local/share/bash-completion/completions/contacts")
        .arg(Arg::new(SHELL).value_name("SHELL").required(true).value_parser(value_parser!(Shell)).help("Which shell"))
}

pub(super) fn run(matches: &ArgMatches) -> Outcome {
    let Some(shell) = matches.get_one::<Shell>(SHELL).copied() else { return Ok(()) };
    let mut script = Vec::new();
    generate(shell, &mut super::command(), "contacts", &mut script);
    Ok(output::print(&String::from_utf8_lossy(&script))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_learns_every_command() {
        for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh] {
            let mut script = Vec::new();
            generate(shell, &mut crate::cli::command(), "contacts", &mut script);
            let script = String::from_utf8(script).unwrap();
            for command in ["serve", "migrate", "reset-password", "completions"] {
                assert!(script.contains(command), "{command} for {shell}");
            }
        }
    }
}
