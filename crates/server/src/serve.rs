//! The start of the service, in order.

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use contacts_diesel::migrations;
use contacts_http::{AddressLimits, Metrics, Server, Settings, State};
use tokio::runtime::Handle;

use crate::{
    banner::Banner,
    config::{
        Config, DatabaseConfig, Layers, Loaded, Setting,
        table::{BIND_ADDRESS, METRICS_ADDRESS, PUBLIC_URL},
    },
    demo::{self, DemoUser},
    failure::{Failure, Outcome},
    keys::Keys,
    logging, output,
    signals::{Signals, Wish},
    surroundings::Surroundings,
    wiring::{self, Wired},
    workers::Workers,
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
    wiring::check(&config)?;
    logging::start(&config.log, around.colour_on_stderr())?;
    let keys = Keys::load(&config)?;
    migrate(&config.database).await?;
    let (listener, bound) = listen(config.server.bind_address, &BIND_ADDRESS)?;
    let metrics = match config.server.metrics_address {
        Some(address) => Some(listen(address, &METRICS_ADDRESS)?),
        None => None,
    };
    let public_url = config.server.public_url(bound);
    let Wired { application, ids, listeners, meter, database, cache, mail, avatars } =
        wiring::wire(&config, &keys, &public_url).await?;

    let demo_user = match mode {
        Mode::Demo => {
            let user = DemoUser::invent()?;
            demo::fill(&application, &user).await?;
            Some(user)
        }
        Mode::Normal => None,
    };

    let workers = Workers::start(&application, &*ids, listeners);
    let runtime = Handle::current();
    let mut state = State::new(application.clone(), ids, settings(&config, &public_url), runtime.clone());
    let mut metrics_url = None;
    if let (Some(meter), Some((listener, bound))) = (meter, metrics) {
        state = state.metered(meter.clone());
        metrics_url = Some(format!("http://{bound}/metrics"));
        let metrics = Metrics { application, meter: meter.clone(), reader: meter, runtime: runtime.clone() };
        // It answers until the process ends: the end of a service is of interest, too.
        runtime.spawn(contacts_http::serve_metrics(listener, metrics).map_err(failed)?);
    }
    let server = contacts_http::serve(listener, state).map_err(failed)?;
    // Caught before anybody is told that the service runs: whoever reads the banner may end it.
    let signals = Signals::catch().map_err(failed)?;

    // By now it is known what the default means.
    for row in rows.iter_mut().filter(|row| row.name == PUBLIC_URL.name) {
        row.value.clone_from(&public_url);
    }
    let banner = Banner {
        public_url: &public_url,
        bound,
        metrics_url: metrics_url.as_deref(),
        database: &database,
        cache,
        mail: &mail,
        avatars: &avatars,
        require_verified_email: config.mail.require_verified_email,
        demo: demo_user.as_ref(),
        rows: &rows,
        warnings: &warnings,
    };
    output::print(&banner.render(around.colour_on_stdout()))?;
    run(server, signals, config.server.shutdown_drain).await?;
    workers.stop().await;
    tracing::info!("ended");
    Ok(())
}

fn failed(error: std::io::Error) -> Failure {
    Failure::because("The service has failed", &error)
}

/// What the REST face needs to know.
fn settings(config: &Config, public_url: &str) -> Settings {
    let limits = &config.limits;
    Settings {
        public_url: public_url.to_owned(),
        trusted_proxies: limits.trusted_proxies,
        limits: limits.enabled.then_some(AddressLimits { auth: limits.auth, contacts: limits.address }),
        cors_origins: config.cors.allowed_origins.clone(),
    }
}

/// Answers requests until a signal says otherwise, and then ends so that none fails for it. A second signal
/// ends at once.
async fn run(server: Server, mut signals: Signals, drain: Duration) -> Outcome {
    let stopper = server.stopper();
    let running = server.run();
    tokio::pin!(running);
    let wish = tokio::select! {
        ended = &mut running => return ended.map_err(failed),
        wish = signals.next() => wish,
    };
    let stop = async {
        stopper.drain();
        if wish == Wish::Terminate && !drain.is_zero() {
            tracing::info!(
                seconds = drain.as_secs_f64(),
                "told to end: no new requests should come, and those that do are answered"
            );
            tokio::time::sleep(drain).await;
        }
        tracing::info!("told to end: the requests under way are finished");
        stopper.stop().await;
    };
    tokio::select! {
        (ended, ()) = async { tokio::join!(running, stop) } => ended.map_err(failed),
        _ = signals.next() => Err(Failure::new("Told to end twice: what was under way is cut off.")),
    }
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
fn listen(address: SocketAddr, setting: &Setting) -> Result<(TcpListener, SocketAddr), Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| {
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    });
    let name = setting.name;
    bound.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::new(format!(
            "Cannot listen on {address}: another process does. Stop it, or set {name} (port 0 takes any free port)."
        )),
        ErrorKind::PermissionDenied => Failure::new(format!(
            "Cannot listen on {address}: that is not permitted. Set {name} to a port of 1024 or more."
        )),
        ErrorKind::AddrNotAvailable => Failure::new(format!(
            "Cannot listen on {address}: this machine does not have that address. Set {name} to one that it has."
        )),
        _ => Failure::because(&format!("Cannot listen on {address} ({name})"), &error),
    })
}

#[cfg(test)]
mod tests {
    use contacts_diesel::DatabaseUrl;

    use super::*;

    #[test]
    fn an_address_in_use_is_said_in_a_sentence() {
        let (_listener, bound) = listen("127.0.0.1:0".parse().unwrap(), &BIND_ADDRESS).unwrap();
        assert_ne!(bound.port(), 0);
        for setting in [&BIND_ADDRESS, &METRICS_ADDRESS] {
            let message = listen(bound, setting).unwrap_err().message();
            assert!(message.starts_with(&format!("Cannot listen on {bound}: another process does.")), "{message}");
            assert!(message.contains(setting.name), "{message}");
        }
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
