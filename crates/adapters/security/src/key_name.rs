use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A short name of a key, to stand beside what was made with it: eight hexadecimal digits, which say
/// nothing about the key. `purpose` keeps two uses of one secret from having the same name.
pub(crate) fn key_name(purpose: &str, key: &SecretString) -> String {
    let hash = Sha256::digest(format!("{purpose} {}", key.expose_secret()));
    hash[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}
