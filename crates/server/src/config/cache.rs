//! Where users are remembered between requests.

use secrecy::SecretString;

use super::{parse, reader::Reader, table::REDIS_URL};

#[derive(Clone, Debug)]
pub(crate) struct CacheConfig {
    /// None = in the process.
    pub(crate) redis_url: Option<SecretString>,
}

impl CacheConfig {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let redis_url = reader.read_optional(&REDIS_URL, |text| {
            let must_be = "must be redis:// or rediss:// with a host, such as redis://127.0.0.1:6379";
            parse::secret_url(text, &["redis", "rediss"], must_be)
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
