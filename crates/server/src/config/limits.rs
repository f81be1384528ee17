//! How often something may be asked for, and whose requests are whose.

use std::num::NonZeroU32;

use contacts_domain::rate_limit::RateLimit;

use super::{
    parse, rate,
    reader::Reader,
    table::{
        RATE_LIMIT_ADDRESS, RATE_LIMIT_AUTH, RATE_LIMIT_CONTACTS, RATE_LIMIT_ENABLED, RATE_LIMIT_LOGIN, TRUSTED_PROXIES,
    },
};

/// A hundred: a page that loads asks for much at once, but no program needs more.
const CONTACTS_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
/// All of the amount at once, if it comes that way.
const WHOLE_AMOUNT: NonZeroU32 = NonZeroU32::MAX;

/// More proxies than this in front of one another are a slip.
const MAX_PROXIES: usize = 16;

#[derive(Clone, Debug)]
pub(crate) struct LimitsConfig {
    /// The quota of contacts to create holds even where this is false.
    pub(crate) enabled: bool,
    /// Of a user, for their contacts.
    pub(crate) contacts: RateLimit,
    /// Of a client address, for what needs no login. Each process counts for itself.
    pub(crate) auth: RateLimit,
    /// Of an account and a client address, for attempts to log in.
    pub(crate) login: RateLimit,
    /// Of a client address, for contacts, whoever asks. Each process counts for itself.
    pub(crate) address: RateLimit,
    /// How many entries at the end of `X-Forwarded-For` are believed.
    pub(crate) trusted_proxies: usize,
}

impl LimitsConfig {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let enabled = reader.read(&RATE_LIMIT_ENABLED, parse::boolean);
        let contacts = reader.read(&RATE_LIMIT_CONTACTS, |text| rate::parse(text, CONTACTS_BURST));
        let auth = reader.read(&RATE_LIMIT_AUTH, |text| rate::parse(text, WHOLE_AMOUNT));
        let login = reader.read(&RATE_LIMIT_LOGIN, |text| rate::parse(text, WHOLE_AMOUNT));
        let address = reader.read(&RATE_LIMIT_ADDRESS, |text| rate::parse(text, WHOLE_AMOUNT));
        let trusted_proxies = reader.read(&TRUSTED_PROXIES, |text| parse::number(text, 0..=MAX_PROXIES));
        Some(Self {
            enabled: enabled?,
            contacts: contacts?,
            auth: auth?,
            login: login?,
            address: address?,
            trusted_proxies: trusted_proxies?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::layers::tests::environment;

    fn read(variables: &[(&str, &str)]) -> Option<LimitsConfig> {
        LimitsConfig::read(&mut Reader::new(&environment(variables)))
    }

    /// So many a minute, and at once.
    fn per_minute(limit: RateLimit) -> (u128, u32) {
        (Duration::from_secs(60).as_nanos() / limit.interval().as_nanos(), limit.burst().get())
    }

    #[test]
    fn everything_is_limited_unless_said_otherwise() {
        let config = read(&[]).unwrap();
        assert!(config.enabled);
        assert_eq!(per_minute(config.contacts), (600, 100));
        assert_eq!(per_minute(config.auth), (20, 20));
        assert_eq!(per_minute(config.login), (5, 5));
        assert_eq!(per_minute(config.address), (3000, 3000));
        assert_eq!(config.trusted_proxies, 0);
        assert!(!read(&[("RATE_LIMIT_ENABLED", "false")]).unwrap().enabled);
    }

    #[test]
    fn each_limit_has_its_variable() {
        let config = read(&[
            ("RATE_LIMIT_CONTACTS", "60/min"),
            ("RATE_LIMIT_AUTH", "120/h"),
            ("RATE_LIMIT_LOGIN", "1/s"),
            ("RATE_LIMIT_ADDRESS", "10/s"),
        ]);
        let config = config.unwrap();
        assert_eq!(per_minute(config.contacts), (60, 60));
        assert_eq!(per_minute(config.auth), (2, 120));
        assert_eq!(per_minute(config.login), (60, 1));
        assert_eq!(per_minute(config.address), (600, 10));
    }

    #[test]
    fn at_most_16_proxies_are_trusted() {
        assert_eq!(read(&[("TRUSTED_PROXIES", "16")]).unwrap().trusted_proxies, 16);
        for text in ["17", "-1", "all", "10.0.0.0/8"] {
            assert!(read(&[("TRUSTED_PROXIES", text)]).is_none(), "{text}");
        }
    }
}
