//! Where users are remembered between requests.

use reqwest::Url;
use secrecy::SecretString;

use super::{reader::Reader, table::REDIS_URL};

#[derive(Clone, Debug)]
pub(crate) struct CacheConfig {
    /// None = in the process.
    pub(crate) redis_url: Option<SecretString>,
}

impl CacheConfig {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let redis_url = reader.read_optional(&REDIS_URL, |text| {
            Url::parse(text.trim())
                .ok()
                .filter(|url| matches!(url.scheme(), "redis" | "rediss") && url.has_host())
                .map(|_| SecretString::from(text.trim()))
                .ok_or_else(|| "must be redis:// or rediss:// with a host, such as redis://127.0.0.1:6379".to_owned())
        });
        Some(Self { redis_url: redis_url? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment;

    #[test]
    fn a_redis_url_has_its_scheme_and_a_host() {
        for (text, accepted) in [
            ("redis://127.0.0.1:6379", true),
            ("rediss://:canary@cache/1", true),
            ("127.0.0.1:6379", false),
            ("http://cache", false),
            ("redis:cache", false),
        ] {
            let layers = environment(&[("REDIS_URL", text)]);
            let mut reader = Reader::new(&layers);
            assert_eq!(CacheConfig::read(&mut reader).is_some(), accepted, "{text}");
            assert_eq!(reader.faults.is_empty(), accepted, "{text}");
        }
        assert!(CacheConfig::read(&mut Reader::new(&environment(&[]))).unwrap().redis_url.is_none());
    }
}
