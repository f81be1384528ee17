//! Turns text into typed values, one setting at a time, and goes on where one is wrong.

use super::{
    fault::Fault,
    layers::{Given, Layers, Origin},
    redact::{HIDDEN, redact},
    setting::{DefaultValue, Secrecy, Setting},
};

/// A setting as it is shown: its effective value, redacted, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) origin: Origin,
}

/// Reads settings from the layers. Whoever has read them all asks what was wrong.
pub(crate) struct Reader<'a> {
    layers: &'a Layers,
    pub(crate) rows: Vec<Row>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(layers: &'a Layers) -> Self {
        let later = layers.given_for_later();
        let warnings = match later.as_slice() {
            [] => vec![],
            names => vec![format!("Set, but not used by this version yet: {}.", names.join(", "))],
        };
        Self { layers, rows: vec![], faults: layers.faults().to_vec(), warnings }
    }

    /// Reads a setting whose default is a text. `parse` says in its error what the value must be, as in
    /// "must be a number". `None` = there is a fault, which is noted.
    pub(crate) fn read<T>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let default = Given { text: setting.default.example(), origin: Origin::Default };
        debug_assert!(matches!(setting.default, DefaultValue::Text(_)), "{} has a computed default", setting.name);
        self.take(setting, self.layers.given(setting).unwrap_or(default), parse)
    }

    /// Reads a setting whose default is computed: `default`, shown as `shown`.
    pub(crate) fn read_or<T>(
        &mut self,
        setting: &'static Setting,
        default: T,
        shown: impl Into<String>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match self.layers.given(setting) {
            Some(given) => self.take(setting, given, parse),
            None => {
                self.rows.push(Row { name: setting.name, value: shown.into(), origin: Origin::Default });
                Some(default)
            }
        }
    }

    /// As [`read_or`](Self::read_or), where no value is a value.
    pub(crate) fn read_optional<T>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        self.read_or(setting, None, setting.default.words(), |text| parse(text).map(Some))
    }

    /// Whether somebody set it.
    pub(crate) fn is_given(&self, setting: &Setting) -> bool {
        self.layers.given(setting).is_some()
    }

    /// Notes a fault that shows only when values are seen together.
    pub(crate) fn fault(&mut self, sentence: impl Into<String>) {
        self.faults.push(Fault::new(sentence));
    }

    pub(crate) fn warn(&mut self, sentence: impl Into<String>) {
        self.warnings.push(sentence.into());
    }

    fn take<T>(
        &mut self,
        setting: &'static Setting,
        given: Given<'_>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let Given { text, origin } = given;
        let parsed = parse(text);
        // A URL that cannot be read cannot be redacted with certainty either.
        let shown = match (&parsed, setting.secrecy) {
            (Err(_), Secrecy::Url) => HIDDEN.to_owned(),
            (_, secrecy) => redact(secrecy, text),
        };
        if let Err(must_be) = &parsed {
            let it_is = match setting.secrecy {
                Secrecy::Public => format!("it is {text:?} "),
                Secrecy::Url | Secrecy::Secret => String::new(),
            };
            let separator = if it_is.is_empty() { " " } else { "; " };
            self.faults.push(Fault::new(format!("{} {must_be}{separator}{it_is}({origin}).", setting.name)));
        }
        self.rows.push(Row { name: setting.name, value: shown, origin });
        parsed.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{
        layers::tests::environment,
        table::{BCRYPT_COST, DATABASE_URL, JWT_SECRET},
    };

    #[test]
    fn a_fault_shows_the_value_only_where_it_is_no_secret() {
        let variables = [("BCRYPT_COST", "abc"), ("DATABASE_URL", "x://u:canary@h"), ("JWT_SECRET", "canary")];
        let layers = environment(&variables);
        let mut reader = Reader::new(&layers);
        let refuse = |_: &str| Err::<u8, _>("must be better".to_owned());
        assert_eq!(reader.read(&BCRYPT_COST, refuse), None);
        assert_eq!(reader.read_or(&DATABASE_URL, 1, "", refuse), None);
        assert_eq!(reader.read_optional(&JWT_SECRET, refuse), None);
        let faults: Vec<_> = reader.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "BCRYPT_COST must be better; it is \"abc\" (environment).",
                "DATABASE_URL must be better (environment).",
                "JWT_SECRET must be better (environment).",
            ]
        );
        assert!(!format!("{:?}", reader.rows).contains("canary"));
    }

    #[test]
    fn a_row_knows_its_origin() {
        let layers = environment(&[("BCRYPT_COST", "7")]);
        let mut reader = Reader::new(&layers);
        assert_eq!(reader.read(&BCRYPT_COST, |text| Ok(text.to_owned())), Some("7".to_owned()));
        assert_eq!(reader.read_optional(&JWT_SECRET, |_| Ok(())), Some(None));
        let rows: Vec<_> = reader.rows.iter().map(|row| (row.name, row.origin)).collect();
        assert_eq!(rows, [("BCRYPT_COST", Origin::Environment), ("JWT_SECRET", Origin::Default)]);
    }

    #[test]
    fn what_comes_later_is_one_warning() {
        let layers = environment(&[("METRICS_ADDRESS", "127.0.0.1:9000")]);
        assert_eq!(Reader::new(&layers).warnings, ["Set, but not used by this version yet: METRICS_ADDRESS."]);
    }
}
