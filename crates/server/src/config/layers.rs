//! Where a value may come from, and which of several counts.

use std::{collections::HashMap, ffi::OsString, fmt};

use super::{
    dotenv,
    fault::Fault,
    setting::{Empty, Setting},
    table::{LATER, SETTINGS},
};

/// Where a value came from. The order is that of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `--demo`, which uses nothing that is worth keeping.
    Demo,
    Flag,
    Environment,
    DotEnv,
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Demo => "demo",
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::DotEnv => ".env",
            Self::Default => "default",
        })
    }
}

/// A value that somebody set, as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Given<'a> {
    pub(crate) text: &'a str,
    pub(crate) origin: Origin,
}

type Variables = HashMap<String, String>;

/// Everything that somebody set. It is handed in as values, so that nothing below this reads the
/// environment of the process.
#[derive(Default)]
pub(crate) struct Layers {
    /// `None` = the default, whatever the layers below say.
    demo: HashMap<&'static str, Option<String>>,
    flags: Variables,
    environment: Variables,
    dotenv: Variables,
    faults: Vec<Fault>,
}

impl Layers {
    /// `dotenv` is the content of the file, if there is one.
    pub(crate) fn new(environment: impl IntoIterator<Item = (OsString, OsString)>, dotenv: Option<&[u8]>) -> Self {
        let (dotenv, mut faults) = dotenv.map(dotenv::parse).unwrap_or_default();
        let mut known = HashMap::new();
        for (name, value) in environment {
            // What is not ours is not looked at.
            let Some(name) = name.to_str().filter(|name| is_known(name)) else { continue };
            match value.into_string() {
                Ok(value) => {
                    known.insert(name.to_owned(), value);
                }
                Err(_) => faults.push(Fault::new(format!("{name} must be UTF-8 text (environment)."))),
            }
        }
        Self { demo: HashMap::new(), flags: HashMap::new(), environment: known, dotenv, faults }
    }

    /// For a `.env` that is there but cannot be read.
    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(crate) fn set_flag(&mut self, setting: &Setting, text: &str) {
        self.flags.insert(setting.name.to_owned(), text.to_owned());
    }

    pub(crate) fn set_demo(&mut self, setting: &Setting, text: Option<String>) {
        self.demo.insert(setting.name, text);
    }

    /// The value that counts, or none where nobody set one.
    pub(crate) fn given(&self, setting: &Setting) -> Option<Given<'_>> {
        if let Some(choice) = self.demo.get(setting.name) {
            return choice.as_deref().map(|text| Given { text, origin: Origin::Demo });
        }
        [(&self.flags, Origin::Flag), (&self.environment, Origin::Environment), (&self.dotenv, Origin::DotEnv)]
            .into_iter()
            .filter_map(|(layer, origin)| Some(Given { text: layer.get(setting.name)?, origin }))
            .find(|given| setting.empty == Empty::Value || !given.text.trim().is_empty())
    }

    /// The names that are set but mean nothing yet.
    pub(crate) fn given_for_later(&self) -> Vec<&'static str> {
        let is_set = |layer: &Variables, name: &str| layer.get(name).is_some_and(|text| !text.is_empty());
        LATER.into_iter().filter(|name| is_set(&self.environment, name) || is_set(&self.dotenv, name)).collect()
    }

    /// What was wrong before any value was looked at.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

fn is_known(name: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.name == name) || LATER.contains(&name)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::config::table::{BCRYPT_COST, CONTACTS_REQUIRED_FIELDS, REDIS_URL};

    /// Layers with these variables in the environment.
    pub(crate) fn environment(variables: &[(&str, &str)]) -> Layers {
        Layers::new(variables.iter().map(|(name, value)| (name.into(), value.into())), None)
    }

    fn given(layers: &Layers, setting: &Setting) -> Option<(String, Origin)> {
        layers.given(setting).map(|given| (given.text.to_owned(), given.origin))
    }

    #[test]
    fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
        let mut layers = Layers::new([], None);
        assert_eq!(given(&layers, &BCRYPT_COST), None);
        layers = Layers::new([], Some(b"BCRYPT_COST=5"));
        assert_eq!(given(&layers, &BCRYPT_COST), Some(("5".into(), Origin::DotEnv)));
        layers = Layers::new([("BCRYPT_COST".into(), "6".into())], Some(b"BCRYPT_COST=5"));
        assert_eq!(given(&layers, &BCRYPT_COST), Some(("6".into(), Origin::Environment)));
        layers.set_flag(&BCRYPT_COST, "7");
        assert_eq!(given(&layers, &BCRYPT_COST), Some(("7".into(), Origin::Flag)));
        layers.set_demo(&BCRYPT_COST, Some("8".into()));
        assert_eq!(given(&layers, &BCRYPT_COST), Some(("8".into(), Origin::Demo)));
        layers.set_demo(&BCRYPT_COST, None);
        assert_eq!(given(&layers, &BCRYPT_COST), None);
    }

    #[test]
    fn an_empty_value_is_none_unless_empty_means_something() {
        let layers = Layers::new(
            [("REDIS_URL".into(), " ".into()), ("CONTACTS_REQUIRED_FIELDS".into(), "".into())],
            Some(b"REDIS_URL=redis://file\nCONTACTS_REQUIRED_FIELDS=email"),
        );
        assert_eq!(given(&layers, &REDIS_URL), Some(("redis://file".into(), Origin::DotEnv)));
        assert_eq!(given(&layers, &CONTACTS_REQUIRED_FIELDS), Some((String::new(), Origin::Environment)));
    }

    #[test]
    fn names_for_later_are_noticed_in_the_environment_and_the_file() {
        let address = "127.0.0.1:9000";
        let in_environment = |text: &str| [("METRICS_ADDRESS".into(), text.into())];
        assert_eq!(Layers::new(in_environment(address), None).given_for_later(), LATER);
        assert_eq!(Layers::new([], Some(b"METRICS_ADDRESS=127.0.0.1:9000")).given_for_later(), LATER);
        assert_eq!(Layers::new(in_environment(""), Some(b"METRICS_ADDRESS=")).given_for_later(), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_text_is_a_fault_only_if_it_is_ours() {
        use std::os::unix::ffi::OsStringExt;
        let bad = || OsString::from_vec(vec![0xff]);
        let layers = Layers::new([("PATH".into(), bad()), ("LOG_LEVEL".into(), bad()), (bad(), "x".into())], None);
        let faults: Vec<_> = layers.faults().iter().map(ToString::to_string).collect();
        assert_eq!(faults, ["LOG_LEVEL must be UTF-8 text (environment)."]);
    }
}
