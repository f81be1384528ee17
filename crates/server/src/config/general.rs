//! What all sections depend on.

use std::path::PathBuf;

use super::{
    reader::Reader,
    table::{APP_ENV, DATA_DIR},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Environment {
    Development,
    Production,
}

#[derive(Clone, Debug)]
pub(crate) struct GeneralConfig {
    pub(crate) environment: Environment,
    pub(crate) data_dir: PathBuf,
}

impl Environment {
    fn parse(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "development" => Ok(Self::Development),
            "production" => Ok(Self::Production),
            _ => Err("must be development or production".to_owned()),
        }
    }

    pub(crate) fn is_production(self) -> bool {
        self == Self::Production
    }
}

impl GeneralConfig {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let environment = reader.read(&APP_ENV, Environment::parse);
        let data_dir = reader.read(&DATA_DIR, |text| Ok(PathBuf::from(text)));
        Some(Self { environment: environment?, data_dir: data_dir? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment;

    #[test]
    fn the_environment_is_one_of_two() {
        assert_eq!(Environment::parse(" Production "), Ok(Environment::Production));
        assert!(Environment::parse("prod").is_err());
        let layers = environment(&[]);
        let config = GeneralConfig::read(&mut Reader::new(&layers)).unwrap();
        assert!(!config.environment.is_production());
        assert_eq!(config.data_dir, PathBuf::from("./data"));
    }
}
