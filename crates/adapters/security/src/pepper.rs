use base64::{Engine, engine::general_purpose::STANDARD};
use contacts_domain::ports::HasherError;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha384;

use crate::key_name::key_name;

/// What passwords are mixed with: a secret of the deployment, so that a stolen database alone gives
/// nothing to guess against.
pub(crate) struct Pepper {
    secret: SecretString,
    name: String,
}

impl Pepper {
    pub(crate) fn new(secret: SecretString) -> Self {
        let name = key_name("contacts pepper", &secret);
        Self { secret, name }
    }

    /// Stands in each hash that was made with it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// `base64(hmac-sha384(password, pepper))`: 64 characters.
    ///
    /// bcrypt reads 72 bytes at most and stops at NUL; these are neither too long nor hold one.
    pub(crate) fn mix(&self, password: &str) -> Result<String, HasherError> {
        let mut mac = Hmac::<Sha384>::new_from_slice(self.secret.expose_secret().as_bytes())
            .map_err(|error| HasherError::Backend(error.into()))?;
        mac.update(password.as_bytes());
        Ok(STANDARD.encode(mac.finalize().into_bytes()))
    }
}
