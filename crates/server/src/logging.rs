//! The log, on the standard error.

mod closed_listener;

use std::io;

use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

use self::closed_listener::ClosedListener;

use crate::{
    config::{LogConfig, LogFormat},
    failure::Failure,
};

/// Starts the log, for the rest of the process.
pub(crate) fn start(config: &LogConfig, colour: bool) -> Result<(), Failure> {
    subscriber(config, colour, io::stderr)?.try_init().map_err(|error| Failure::because("Cannot start the log", &error))
}

fn subscriber(
    config: &LogConfig,
    colour: bool,
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) -> Result<Box<dyn Subscriber + Send + Sync>, Failure> {
    // A request that cannot be parsed is no error of this service, and any client can send many.
    let directives = format!("actix_http=off,{}", config.level);
    let filter =
        EnvFilter::try_new(directives).map_err(|error| Failure::because("LOG_LEVEL cannot be used", &error))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match config.format {
        LogFormat::Pretty => Box::new(builder.with_ansi(colour).finish().with(ClosedListener)),
        LogFormat::Json => {
            let builder = builder.json().flatten_event(true).with_span_list(false).with_ansi(false);
            Box::new(builder.finish().with(ClosedListener))
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: &str) -> String {
        logged_by(format, level, || {
            tracing::info!(answer = 42, "thought");
            tracing::debug!("hidden");
        })
    }

    fn logged_by(format: LogFormat, level: &str, events: impl FnOnce()) -> String {
        let written = Written::default();
        let writer = written.clone();
        let config = LogConfig { format, level: level.to_owned() };
        let subscriber = subscriber(&config, false, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, events);
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_is_one_object_a_line() {
        let line = logged(LogFormat::Json, "info");
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(object["level"], "INFO");
        assert_eq!(object["message"], "thought");
        assert_eq!(object["answer"], 42);
    }

    #[test]
    fn pretty_has_no_colour_codes_unless_asked_for() {
        let line = logged(LogFormat::Pretty, "info");
        assert!(line.contains("thought answer=42") && !line.contains('\u{1b}'), "{line}");
    }

    #[test]
    fn a_listener_that_was_closed_is_no_error_and_one_that_fails_is() {
        let logged = logged_by(LogFormat::Json, "info", || {
            for code in [22, 24] {
                let error = io::Error::from_raw_os_error(code);
                tracing::error!(target: "actix_server::accept", "Error accepting connection: {error}");
                tracing::error!(target: "elsewhere", "{error}");
            }
        });
        let lines: Vec<_> = logged.lines().collect();
        let of_the_acceptor: Vec<_> = lines.iter().filter(|line| line.contains("actix_server::accept")).collect();
        assert_eq!((lines.len(), of_the_acceptor.len()), (3, 1), "{logged}");
        assert!(of_the_acceptor[0].contains("os error 24"), "{logged}");
    }

    #[test]
    fn the_level_decides() {
        assert_eq!(logged(LogFormat::Pretty, "off"), "");
        assert!(logged(LogFormat::Pretty, "debug").contains("hidden"));
    }
}
