//! The start of the service, in order.

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
};

use contacts_diesel::migrations;
use contacts_http::{Settings, State};

use crate::{
    banner::Banner,
    config::{Config, DatabaseConfig, Layers, Loaded, table::PUBLIC_URL},
    demo::{self, DemoUser},
    failure::{Failure, Outcome},
    keys::Keys,
    logging, output,
    surroundings::Surroundings,
    wiring::{self, Wired},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Normal,
    Demo,
}

/// Starts the service and runs it until it is told to end.
pub(crate) async fn serve(mut layers: Layers, mode: Mode, around: &Surroundings) -> Outcome {
    // The folder of a demo is deleted when this function ends.
    let _demo_folder = match mode {
        Mode::Demo => Some(demo::prepare(&mut layers)?),
        Mode::Normal => None,
    };
    let Loaded { config, mut rows, warnings } = Config::load(&layers, around.terminals);
    let config = config?;
    logging::start(&config.log, around.colour_on_stderr())?;
    let keys = Keys::load(&config)?;
    migrate(&config.database).await?;
    let (listener, bound) = listen(config.server.bind_address)?;
    let public_url = config.server.public_url(bound);
    let Wired { application, ids, database, cache } = wiring::wire(&config, &keys).await?;

    let demo_user = match mode {
        Mode::Demo => {
            let user = DemoUser::invent()?;
            demo::fill(&application, &user).await?;
            Some(user)
        }
        Mode::Normal => None,
    };

    let settings = Settings { public_url: public_url.clone() };
    let state = State::new(application, ids, settings, tokio::runtime::Handle::current());
    let failed = |error: std::io::Error| Failure::because("The service has failed", &error);
    let server = contacts_http::serve(listener, state).map_err(failed)?;

    // By now it is known what the default means.
    for row in rows.iter_mut().filter(|row| row.name == PUBLIC_URL.name) {
        row.value.clone_from(&public_url);
    }
    let banner = Banner {
        public_url: &public_url,
        bound,
        database: &database,
        cache,
        demo: demo_user.as_ref(),
        rows: &rows,
        warnings: &warnings,
    };
    output::print(&banner.render(around.colour_on_stdout()))?;
    server.await.map_err(failed)
}

/// Brings the tables up to date, or refuses to start where that is somebody else's task.
async fn migrate(config: &DatabaseConfig) -> Outcome {
    let url = config.url.redacted();
    let failed = |error| Failure::because(&format!("Cannot use the database {url}"), &error);
    if config.auto_migrate {
        for name in migrations::up(&config.url).await.map_err(failed)? {
            tracing::info!(migration = name, "the database was migrated");
        }
        return Ok(());
    }
    let all = migrations::status(&config.url).await.map_err(failed)?;
    let pending: Vec<_> =
        all.into_iter().filter(|migration| !migration.applied).map(|migration| migration.name).collect();
    if pending.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "The database {url} lacks migrations: {}. Run `contacts migrate up`, or set AUTO_MIGRATE=true.",
        pending.join(", ")
    )))
}

/// Takes the address; the one that was really taken is known only afterwards.
fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| {
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    });
    bound.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::new(format!(
            "Cannot listen on {address}: another process does. Stop it, or set BIND_ADDRESS (port 0 takes any free port)."
        )),
        ErrorKind::PermissionDenied => Failure::new(format!(
            "Cannot listen on {address}: that is not permitted. Set BIND_ADDRESS to a port of 1024 or more."
        )),
        ErrorKind::AddrNotAvailable => Failure::new(format!(
            "Cannot listen on {address}: this machine does not have that address. Set BIND_ADDRESS to one that it has."
        )),
        _ => Failure::because(&format!("Cannot listen on {address} (BIND_ADDRESS)"), &error),
    })
}

#[cfg(test)]
mod tests {
    use contacts_diesel::DatabaseUrl;

    use super::*;

    #[test]
    fn an_address_in_use_is_said_in_a_sentence() {
        let (_listener, bound) = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        assert_ne!(bound.port(), 0);
        let message = listen(bound).unwrap_err().message();
        assert!(message.starts_with(&format!("Cannot listen on {bound}: another process does.")), "{message}");
        assert!(message.contains("BIND_ADDRESS"));
    }

    #[tokio::test]
    async fn pending_migrations_are_applied_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let config = |auto_migrate| DatabaseConfig {
            url: DatabaseUrl::sqlite(&folder.path().join("contacts.db")),
            pool_size: None,
            auto_migrate,
        };
        let message = migrate(&config(false)).await.unwrap_err().message();
        assert!(message.contains("`contacts migrate up`") && message.contains("AUTO_MIGRATE=true"), "{message}");
        migrate(&config(true)).await.unwrap();
        migrate(&config(false)).await.unwrap();
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_said_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let url = DatabaseUrl::sqlite(&file.join("contacts.db"));
        let message =
            migrate(&DatabaseConfig { url, pool_size: None, auto_migrate: true }).await.unwrap_err().message();
        assert!(message.starts_with("Cannot use the database sqlite://"), "{message}");
    }
}
