//! `contacts serve`: the service itself.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::flags::flags;
use crate::{
    config::table::{APP_ENV, DATA_DIR, DATABASE_URL, REDIS_URL, SETTINGS},
    failure::Outcome,
    serve::{self, Mode},
    surroundings::Surroundings,
};

const DEMO: &str = "demo";

pub(super) fn command() -> Command {
    Command::new("serve").about("Starts the service").args(flags(&SETTINGS)).arg(
        Arg::new(DEMO)
            .long("demo")
            .action(ArgAction::SetTrue)
            // These it decides for itself.
            .conflicts_with_all([APP_ENV.name, DATA_DIR.name, DATABASE_URL.name, REDIS_URL.name])
            .help("Starts on a throw-away database with 80 people in it, and prints how to log in"),
    )
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let mode = if matches.get_flag(DEMO) { Mode::Demo } else { Mode::Normal };
    serve::serve(around.layers(matches, &SETTINGS), mode, around).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_every_setting() {
        let help = command().render_long_help().to_string();
        // Wherever the lines break.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for setting in SETTINGS {
            assert!(help.contains(&format!("--{} <{}>", setting.flag(), setting.value_name)), "{}", setting.name);
            assert!(help.contains(&format!("[env: {}]", setting.name)), "{}", setting.name);
        }
        assert!(help.contains("--bind-address <IP:PORT>"));
    }

    #[test]
    fn a_demo_keeps_its_hands_off_a_database_that_is_named() {
        let parse = |arguments: &[&str]| command().try_get_matches_from(arguments);
        assert!(parse(&["serve", "--demo", "--bind-address", "127.0.0.1:0"]).is_ok());
        assert!(parse(&["serve", "--demo", "--database-url", "sqlite://a.db"]).is_err());
    }
}
