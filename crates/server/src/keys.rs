//! The secrets that a deployment needs and nobody has to think of.

use std::path::Path;

use contacts_security::secrets;
use secrecy::SecretString;

use crate::{config::Config, failure::Failure};

/// What tokens are signed with, and what passwords are mixed with.
pub(crate) struct Keys {
    pub(crate) jwt_secret: SecretString,
    pub(crate) password_pepper: SecretString,
}

impl Keys {
    /// The configured ones; else those in the data folder, which are made when they are first needed.
    pub(crate) fn load(config: &Config) -> Result<Self, Failure> {
        let folder = config.general.data_dir.join("keys");
        let load = |configured: &Option<SecretString>, name: &str| match configured {
            Some(secret) => Ok(secret.clone()),
            None => key_file(&folder.join(name)),
        };
        Ok(Self {
            jwt_secret: load(&config.tokens.secret, "jwt_secret")?,
            password_pepper: load(&config.passwords.pepper, "password_pepper")?,
        })
    }
}

/// Reads the key file, or makes it.
fn key_file(path: &Path) -> Result<SecretString, Failure> {
    secrets::load_or_create(path)
        .map_err(|error| Failure::because(&format!("Cannot use the key file {}", path.display()), &error))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::config::{Layers, Terminals};

    fn config(variables: &[(&str, &str)]) -> Config {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        Config::load(&Layers::new(variables, None), Terminals::default()).config.unwrap()
    }

    #[test]
    fn keys_are_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&[("DATA_DIR", folder.path().join("data").to_str().unwrap())]);
        let [first, second] = [(), ()].map(|()| Keys::load(&config).unwrap());
        assert_eq!(first.jwt_secret.expose_secret(), second.jwt_secret.expose_secret());
        assert_ne!(first.jwt_secret.expose_secret(), first.password_pepper.expose_secret());
        assert!(folder.path().join("data/keys/jwt_secret").exists());
        assert!(folder.path().join("data/keys/password_pepper").exists());
    }

    #[test]
    fn what_is_configured_needs_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let (secret, pepper) = ("s".repeat(32), "p".repeat(32));
        let variables = [("DATA_DIR", data.to_str().unwrap()), ("JWT_SECRET", &secret), ("PASSWORD_PEPPER", &pepper)];
        let keys = Keys::load(&config(&variables)).unwrap();
        assert_eq!(keys.jwt_secret.expose_secret(), secret);
        assert_eq!(keys.password_pepper.expose_secret(), pepper);
        assert!(!data.exists());
    }

    #[test]
    fn a_file_that_cannot_be_used_is_said_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jwt_secret");
        std::fs::write(&path, "short").unwrap();
        let message = key_file(&path).unwrap_err().message();
        assert!(message.starts_with(&format!("Cannot use the key file {}: ", path.display())), "{message}");
        assert!(message.contains("at least 32"), "{message}");
        assert!(key_file(&path.join("below")).unwrap_err().message().starts_with("Cannot use the key file "));
    }
}
