//! The database, for a command that works on it beside the server.

use std::sync::Arc;

use clap::ArgMatches;
use contacts_diesel::Database;
use contacts_domain::ports::UnitOfWorkFactory;

use super::migrate;
use crate::{failure::Failure, surroundings::Surroundings};

/// With one connection: nothing else is needed.
pub(super) async fn connect(
    matches: &ArgMatches,
    around: &Surroundings,
) -> Result<Arc<dyn UnitOfWorkFactory>, Failure> {
    let url = migrate::database(matches, around)?;
    let shown = url.redacted();
    let database = Database::connect(&contacts_diesel::DatabaseConfig { url, pool_size: Some(1) }).await;
    let database = database.map_err(|error| Failure::because(&format!("Cannot use the database {shown}"), &error))?;
    Ok(Arc::new(database))
}
