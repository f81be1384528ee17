//! `contacts migrate`: the versions of the database's tables.

mod down;
mod status;
mod up;

use clap::{ArgMatches, Command};
use contacts_diesel::DatabaseUrl;

use crate::{
    config::{
        DatabaseConfig, Faults, GeneralConfig, Reader, Setting,
        table::{APP_ENV, DATA_DIR, DATABASE_URL},
    },
    failure::{Failure, Outcome},
    output,
    surroundings::Surroundings,
};

/// Nothing else is read: a job that migrates needs no signing keys.
pub(super) static SETTINGS: [&Setting; 3] = [&APP_ENV, &DATA_DIR, &DATABASE_URL];

pub(super) fn command() -> Command {
    Command::new("migrate")
        .about("Brings the database's tables up to date, or back, or shows where they are")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(up::command())
        .subcommand(down::command())
        .subcommand(status::command())
}

pub(super) async fn run(matches: &ArgMatches, around: &Surroundings) -> Outcome {
    let text = match matches.subcommand() {
        Some(("up", matches)) => up::run(&database(matches, around)?).await,
        Some(("down", matches)) => down::run(&database(matches, around)?, matches).await,
        Some(("status", matches)) => status::run(&database(matches, around)?, matches).await,
        _ => Err(Failure::new("This command is not known.")),
    }?;
    Ok(output::print(&text)?)
}

pub(super) fn database(matches: &ArgMatches, around: &Surroundings) -> Result<DatabaseUrl, Failure> {
    let layers = around.layers(matches, &SETTINGS);
    let mut reader = Reader::new(&layers);
    let general = GeneralConfig::read(&mut reader);
    let url = DatabaseConfig::read_url(&mut reader, general.as_ref());
    Ok(url.filter(|_| reader.faults.is_empty()).ok_or(Faults(reader.faults))?)
}

/// What to say where the database cannot be migrated.
fn failure(url: &DatabaseUrl, error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::because(&format!("Cannot migrate {}", url.redacted()), error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Terminals;

    fn surroundings(environment: &[(&str, &str)]) -> Surroundings {
        Surroundings {
            environment: environment.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            dotenv: Ok(None),
            terminals: Terminals::default(),
        }
    }

    fn find(arguments: &[&str], around: &Surroundings) -> Result<String, Failure> {
        let matches = command().try_get_matches_from(arguments).unwrap();
        database(matches.subcommand().unwrap().1, around).map(|url| url.redacted())
    }

    #[test]
    fn a_job_that_migrates_in_production_needs_only_the_database() {
        let mut around = surroundings(&[("APP_ENV", "production"), ("BCRYPT_COST", "nonsense")]);
        assert!(find(&["migrate", "up"], &around).is_err(), "which database is meant must be said");
        assert_eq!(
            find(&["migrate", "up", "--database-url", "sqlite:///srv/a.db"], &around).unwrap(),
            "sqlite:///srv/a.db"
        );
        around.dotenv = Ok(Some(b"DATA_DIR=/srv".to_vec()));
        assert_eq!(find(&["migrate", "down"], &around).unwrap(), "sqlite:///srv/contacts.db");
    }

    #[tokio::test]
    async fn there_and_back_again() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::sqlite(&folder.path().join("contacts.db"));
        let shown = url.redacted();
        let down = down::command().try_get_matches_from(["down", "--steps", "1"]).unwrap();
        let status = status::command().try_get_matches_from(["status"]).unwrap();

        let text = up::run(&url).await.unwrap();
        assert!(text.starts_with("applied  ") && text.ends_with(&format!("\n{shown} is up to date.\n")), "{text}");
        assert_eq!(up::run(&url).await.unwrap(), format!("{shown} is up to date.\n"));
        let text = down::run(&url, &down).await.unwrap();
        assert!(text.starts_with("reverted ") && text.lines().count() == 1, "{text}");
        let text = status::run(&url, &status).await.unwrap();
        assert!(text.lines().last().unwrap().starts_with("pending  "), "{text}");
    }
}
