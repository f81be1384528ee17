//! `contacts changes restart`: every client reads all contacts anew.

use std::sync::Arc;

use clap::Command;
use contacts_application::contacts::RestartChanges;
use contacts_domain::ports::UnitOfWorkFactory;
use contacts_security::UuidV7Generator;

use super::migrate;
use crate::{cli::flags::flags, failure::Failure};

pub(super) fn command() -> Command {
    Command::new("restart")
        .about("Has every client read all contacts anew: needed after a backup was restored by other means")
        .long_about(
            "Has every client that follows changes read all contacts anew.\n\nIt is needed after a backup was restored by \
             other means than `contacts restore`, which does it: the database does not know what clients were told since \
             then, and gives the same numbers to other changes. Tokens of before are answered 410 `sync_token_expired` from then on.",
        )
        .args(flags(&migrate::SETTINGS))
}

pub(super) async fn run(store: Arc<dyn UnitOfWorkFactory>) -> Result<String, Failure> {
    let restart = RestartChanges::new(store, Arc::new(UuidV7Generator::new()));
    let books = restart.execute().await.map_err(|error| Failure::because("Cannot restart the changes", &error))?;
    let books = if books == 1 { "1 address book".to_owned() } else { format!("{books} address books") };
    Ok(format!("Clients of {books} will read all contacts anew.\n"))
}
