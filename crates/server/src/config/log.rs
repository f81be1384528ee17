//! What is logged, and in which form.

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::{
    reader::Reader,
    table::{LOG_FORMAT, LOG_LEVEL},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Pretty,
    Json,
}

#[derive(Clone, Debug)]
pub(crate) struct LogConfig {
    pub(crate) format: LogFormat,
    /// Directives that are known to be right.
    pub(crate) level: String,
}

impl LogFormat {
    fn parse(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            _ => Err("must be pretty or json".to_owned()),
        }
    }
}

impl LogConfig {
    pub(crate) fn read(reader: &mut Reader<'_>, stderr_is_terminal: bool) -> Option<Self> {
        let (default, shown) =
            if stderr_is_terminal { (LogFormat::Pretty, "pretty") } else { (LogFormat::Json, "json") };
        let format = reader.read_or(&LOG_FORMAT, default, shown, LogFormat::parse);
        let level = reader.read(&LOG_LEVEL, level);
        Some(Self { format: format?, level: level? })
    }
}

fn level(text: &str) -> Result<String, String> {
    // A word alone may be a module to the filter, which would turn a slip such as "wran" into silence.
    let slipped =
        !text.contains(['[', '{']) && text.split(',').map(str::trim).any(|part| !part.contains('=') && !is_level(part));
    if slipped || EnvFilter::try_new(text).is_err() {
        return Err(
            "must be off, error, warn, info, debug or trace, also by module as in info,contacts_http=debug".into()
        );
    }
    Ok(text.to_owned())
}

fn is_level(word: &str) -> bool {
    // To the filter, nothing is a level, too.
    !word.is_empty() && word.parse::<LevelFilter>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment;

    #[test]
    fn the_format_depends_on_who_reads() {
        let format = |terminal| LogConfig::read(&mut Reader::new(&environment(&[])), terminal).unwrap().format;
        assert_eq!(format(true), LogFormat::Pretty);
        assert_eq!(format(false), LogFormat::Json);
        let layers = environment(&[("LOG_FORMAT", "JSON")]);
        assert_eq!(LogConfig::read(&mut Reader::new(&layers), true).unwrap().format, LogFormat::Json);
    }

    #[test]
    fn levels_are_read_and_slips_are_noticed() {
        for text in ["info", "WARN", "off", "info,contacts_http=debug", "contacts_http[request]=trace"] {
            assert!(level(text).is_ok(), "{text}");
        }
        for text in ["wran", "info,contacts_http", "contacts_http=loud", "info=debug=trace", ","] {
            assert!(level(text).is_err(), "{text}");
        }
    }
}
