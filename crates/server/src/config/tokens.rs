//! What tokens are signed with, and how long they and their sessions last.

use std::time::Duration;

use secrecy::SecretString;

use super::{
    duration,
    general::Environment,
    parse,
    reader::Reader,
    table::{ACCESS_TOKEN_TTL, JWT_PREVIOUS_SECRETS, JWT_SECRET, REFRESH_TOKEN_TTL, SESSION_MAX_TTL},
};

#[derive(Clone, Debug)]
pub(crate) struct TokenConfig {
    /// None = the key file in the data folder.
    pub(crate) secret: Option<SecretString>,
    /// What they were signed with before: tokens of these are still believed.
    pub(crate) previous_secrets: Vec<SecretString>,
    pub(crate) access_lifetime: Duration,
    pub(crate) refresh_lifetime: Duration,
    /// Of a session, however often it is refreshed. Not shorter than `refresh_lifetime`.
    pub(crate) session_lifetime: Duration,
}

impl TokenConfig {
    pub(crate) fn read(reader: &mut Reader<'_>, environment: Environment) -> Option<Self> {
        let secret = reader.read_optional(&JWT_SECRET, parse::secret);
        let none = JWT_PREVIOUS_SECRETS.default.words();
        let previous_secrets = reader.read_or(&JWT_PREVIOUS_SECRETS, vec![], none, parse::secrets);
        let access_lifetime = reader.read(&ACCESS_TOKEN_TTL, duration::parse);
        let refresh_lifetime = reader.read(&REFRESH_TOKEN_TTL, duration::parse);
        let session_lifetime = reader.read(&SESSION_MAX_TTL, duration::parse);

        if environment.is_production() && !reader.is_given(&JWT_SECRET) {
            reader.fault(
                "JWT_SECRET must be set in production, to the same 32 bytes or more on all replicas: \
                 `openssl rand -base64 48` makes one.",
            );
        }
        if let (Some(access), Some(refresh)) = (access_lifetime, refresh_lifetime)
            && refresh < access
        {
            reader.fault("REFRESH_TOKEN_TTL must not be shorter than ACCESS_TOKEN_TTL.");
        }
        if let (Some(refresh), Some(session)) = (refresh_lifetime, session_lifetime)
            && session < refresh
        {
            reader.fault("SESSION_MAX_TTL must not be shorter than REFRESH_TOKEN_TTL.");
        }
        Some(Self {
            secret: secret?,
            previous_secrets: previous_secrets?,
            access_lifetime: access_lifetime?,
            refresh_lifetime: refresh_lifetime?,
            session_lifetime: session_lifetime?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment as variables;

    fn read(given: &[(&str, &str)], environment: Environment) -> (Option<TokenConfig>, Vec<String>) {
        let layers = variables(given);
        let mut reader = Reader::new(&layers);
        let config = TokenConfig::read(&mut reader, environment);
        (config, reader.faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_defaults_are_a_quarter_of_an_hour_a_month_and_three() {
        let config = read(&[], Environment::Development).0.unwrap();
        assert!(config.secret.is_none());
        assert_eq!(config.access_lifetime, Duration::from_secs(900));
        assert_eq!(config.refresh_lifetime, Duration::from_secs(2_592_000));
        assert_eq!(config.session_lifetime, Duration::from_secs(7_776_000));
        assert!(config.previous_secrets.is_empty());
    }

    #[test]
    fn production_needs_a_secret() {
        let faults = read(&[], Environment::Production).1;
        assert!(faults[0].starts_with("JWT_SECRET must be set in production"), "{}", faults[0]);
        assert!(read(&[("JWT_SECRET", &"x".repeat(32))], Environment::Production).1.is_empty());
    }

    #[test]
    fn a_short_secret_is_refused_everywhere() {
        for environment in [Environment::Development, Environment::Production] {
            let faults = read(&[("JWT_SECRET", "short")], environment).1;
            assert_eq!(faults, ["JWT_SECRET must have at least 32 bytes, and has 5 (environment)."]);
        }
    }

    #[test]
    fn a_secret_with_a_comma_is_refused_and_not_shown() {
        let faults = read(&[("JWT_SECRET", &format!("{},canary", "x".repeat(32)))], Environment::Production).1;
        assert!(faults[0].starts_with("JWT_SECRET must hold no comma"), "{faults:?}");
        assert!(!faults.concat().contains("canary"), "{faults:?}");
    }

    #[test]
    fn a_refresh_token_lives_longer() {
        let given = [("ACCESS_TOKEN_TTL", "2h"), ("REFRESH_TOKEN_TTL", "1h")];
        assert_eq!(read(&given, Environment::Development).1.len(), 1);
        assert!(read(&given[..1], Environment::Development).1.is_empty());
    }

    #[test]
    fn a_session_outlives_its_tokens() {
        let given = [("SESSION_MAX_TTL", "29d"), ("REFRESH_TOKEN_TTL", "29d")];
        assert!(read(&given, Environment::Development).1.is_empty());
        let faults = ["SESSION_MAX_TTL must not be shorter than REFRESH_TOKEN_TTL."];
        assert_eq!(read(&given[..1], Environment::Development).1, faults);
        assert_eq!(read(&[("REFRESH_TOKEN_TTL", "91d")], Environment::Development).1, faults);
    }

    #[test]
    fn previous_secrets_are_a_list_of_long_ones() {
        let list = format!("{},{}", "x".repeat(32), "y".repeat(32));
        let config = read(&[("JWT_PREVIOUS_SECRETS", &list)], Environment::Development).0.unwrap();
        assert_eq!(config.previous_secrets.len(), 2);
        let (config, faults) = read(&[("JWT_PREVIOUS_SECRETS", "canary")], Environment::Development);
        assert!(config.is_none() && faults[0].starts_with("JWT_PREVIOUS_SECRETS must be texts of at least 32 bytes"));
        assert!(!faults[0].contains("canary"), "{}", faults[0]);
    }
}
