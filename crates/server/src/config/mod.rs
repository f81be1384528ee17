//! The configuration: what may be set, who set it, and what that means.
//!
//! | to find | look in |
//! |---|---|
//! | every setting, its default and its help | [`table`] |
//! | which of several values counts | [`layers`] |
//! | what is allowed | the section's file: [`database`], [`tokens`] ... |
//! | what production refuses | the same, at the end of `read` |
//! | what may be shown | [`redact`] |
//!
//! All faults are found in one go: a [`Reader`] notes each and goes on.

mod cache;
mod contacts;
mod cors;
mod database;
mod dotenv;
mod duration;
mod fault;
mod general;
mod layers;
mod limits;
mod log;
mod mail;
mod media;
mod parse;
mod passwords;
mod rate;
mod reader;
mod redact;
mod server;
mod setting;
pub(crate) mod table;
mod template;
mod tokens;

pub(crate) use self::{
    cache::CacheConfig,
    contacts::ContactsConfig,
    cors::CorsConfig,
    database::DatabaseConfig,
    fault::{Fault, Faults},
    general::{Environment, GeneralConfig},
    layers::Layers,
    limits::LimitsConfig,
    log::{LogConfig, LogFormat},
    mail::MailConfig,
    media::MediaConfig,
    passwords::PasswordConfig,
    reader::{Reader, Row},
    server::{ServerConfig, local_address},
    setting::{Secrecy, Setting},
    template::template,
    tokens::TokenConfig,
};

#[cfg(test)]
pub(crate) use self::layers::Origin;

/// Every setting, read and found right.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) general: GeneralConfig,
    pub(crate) server: ServerConfig,
    pub(crate) cors: CorsConfig,
    pub(crate) database: DatabaseConfig,
    pub(crate) cache: CacheConfig,
    pub(crate) mail: MailConfig,
    pub(crate) media: MediaConfig,
    pub(crate) tokens: TokenConfig,
    pub(crate) passwords: PasswordConfig,
    pub(crate) contacts: ContactsConfig,
    pub(crate) limits: LimitsConfig,
    pub(crate) log: LogConfig,
}

/// What was found: there are rows to show and warnings even where there are faults.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) config: Result<Config, Faults>,
    pub(crate) rows: Vec<Row>,
    pub(crate) warnings: Vec<String>,
}

/// At which end there is a person.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terminals {
    pub(crate) stdin: bool,
    pub(crate) stdout: bool,
    pub(crate) stderr: bool,
}

impl Config {
    pub(crate) fn load(layers: &Layers, terminals: Terminals) -> Loaded {
        let mut reader = Reader::new(layers);
        let config = Self::read(&mut reader, terminals);
        let Reader { rows, faults, warnings, .. } = reader;
        let config = config.filter(|_| faults.is_empty()).ok_or(Faults(faults));
        Loaded { config, rows, warnings }
    }

    fn read(reader: &mut Reader<'_>, terminals: Terminals) -> Option<Self> {
        let general = GeneralConfig::read(reader);
        let environment = general.as_ref().map_or(Environment::Development, |general| general.environment);
        let server = ServerConfig::read(reader, environment);
        let cors = CorsConfig::read(reader);
        let database = DatabaseConfig::read(reader, general.as_ref());
        let cache = CacheConfig::read(reader);
        let mail = MailConfig::read(reader, environment);
        let may_have_replicas = database.as_ref().is_some_and(|database| !database.url.is_sqlite());
        let media = MediaConfig::read(reader, environment, may_have_replicas);
        let tokens = TokenConfig::read(reader, environment);
        let passwords = PasswordConfig::read(reader, environment);
        let contacts = ContactsConfig::read(reader);
        let limits = LimitsConfig::read(reader);
        let log = LogConfig::read(reader, terminals.stderr);
        Some(Self {
            general: general?,
            server: server?,
            cors: cors?,
            database: database?,
            cache: cache?,
            mail: mail?,
            media: media?,
            tokens: tokens?,
            passwords: passwords?,
            contacts: contacts?,
            limits: limits?,
            log: log?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{layers::tests::environment, table::SETTINGS, *};

    fn load(variables: &[(&str, &str)]) -> Loaded {
        Config::load(&environment(variables), Terminals::default())
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let loaded = load(&[]);
        assert!(loaded.config.is_ok());
        assert!(loaded.rows.iter().all(|row| row.origin == Origin::Default));
    }

    #[test]
    fn every_setting_has_its_row_in_the_order_of_the_table() {
        let names = |loaded: Loaded| loaded.rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
        let table: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(names(load(&[])), table);
        assert_eq!(names(load(&[("APP_ENV", "x"), ("DATABASE_URL", "x")])), table, "faults hide no row");
    }

    #[test]
    fn every_fault_is_reported_at_once_and_names_its_variable() {
        let wrong = [
            ("APP_ENV", "prod"),
            ("BIND_ADDRESS", "localhost"),
            ("PUBLIC_URL", "contacts.example.com"),
            ("SHUTDOWN_DRAIN", "1h"),
            ("CORS_ALLOWED_ORIGINS", "*"),
            ("DATABASE_URL", "mysql://h/d"),
            ("DATABASE_POOL_SIZE", "0"),
            ("AUTO_MIGRATE", "maybe"),
            ("REDIS_URL", "cache:6379"),
            ("SMTP_URL", "mail:587"),
            ("MAIL_FROM", "Contacts"),
            ("REQUIRE_VERIFIED_EMAIL", "maybe"),
            ("CLOUDINARY_URL", "cloud"),
            ("JWT_SECRET", "short"),
            ("JWT_PREVIOUS_SECRETS", "short"),
            ("ACCESS_TOKEN_TTL", "15 minutes"),
            ("REFRESH_TOKEN_TTL", "0"),
            ("SESSION_MAX_TTL", "three months"),
            ("PASSWORD_PEPPER", "short"),
            ("PASSWORD_PREVIOUS_PEPPERS", "short"),
            ("BCRYPT_COST", "99"),
            ("CONTACTS_REQUIRED_FIELDS", "shoe_size"),
            ("CONTACT_CREATE_LIMIT", "0"),
            ("CONTACT_CREATE_WINDOW", "1 hour"),
            ("RATE_LIMIT_ENABLED", "perhaps"),
            ("RATE_LIMIT_CONTACTS", "600"),
            ("RATE_LIMIT_AUTH", "20/m"),
            ("RATE_LIMIT_LOGIN", "0/min"),
            ("RATE_LIMIT_ADDRESS", "many/min"),
            ("TRUSTED_PROXIES", "17"),
            ("LOG_FORMAT", "xml"),
            ("LOG_LEVEL", "loud"),
        ];
        let faults = load(&wrong).config.unwrap_err().0;
        assert_eq!(faults.len(), wrong.len(), "{faults:#?}");
        for ((name, _), fault) in wrong.iter().zip(faults) {
            assert!(fault.to_string().starts_with(&format!("{name} must ")), "{fault}");
        }
    }

    #[test]
    fn production_refuses_each_default_that_is_not_safe() {
        let faults = load(&[("APP_ENV", "production"), ("BCRYPT_COST", "4")]).config.unwrap_err().0;
        let subjects: Vec<_> =
            faults.iter().map(|fault| fault.to_string().split(" must ").next().unwrap().to_owned()).collect();
        assert_eq!(subjects, ["DATABASE_URL or DATA_DIR", "JWT_SECRET", "PASSWORD_PEPPER", "BCRYPT_COST"]);
    }

    #[test]
    fn production_starts_without_mail_and_media_and_warns() {
        let (secret, pepper) = ("s".repeat(32), "p".repeat(32));
        let mut variables = vec![
            ("APP_ENV", "production"),
            ("DATABASE_URL", "postgres://ada@db/contacts"),
            ("JWT_SECRET", &secret),
            ("PASSWORD_PEPPER", &pepper),
        ];
        let loaded = load(&variables);
        assert!(loaded.config.is_ok());
        let subjects: Vec<_> = loaded.warnings.iter().filter_map(|warning| warning.split(' ').next()).collect();
        assert_eq!(subjects, ["SMTP_URL", "CLOUDINARY_URL"]);
        variables.extend([
            ("PUBLIC_URL", "https://contacts.example.com"),
            ("SMTP_URL", "smtp://mail"),
            ("MAIL_FROM", "a@b.example"),
            ("CLOUDINARY_URL", "cloudinary://k:s@cloud"),
        ]);
        assert!(load(&variables).warnings.is_empty());
    }

    #[test]
    fn a_secret_shows_nowhere() {
        let canary = "canary-canary-canary-canary-canary";
        let postgres = format!("postgres://ada:{canary}@db/contacts");
        let redis = format!("redis://:{canary}@cache");
        let smtp = format!("smtp://ada:{canary}@mail");
        let cloudinary = format!("cloudinary://key:{canary}@cloud");
        let list = format!("{canary},{canary}");
        let mut variables = vec![
            ("JWT_SECRET", canary),
            ("PASSWORD_PEPPER", canary),
            ("DATABASE_URL", &postgres),
            ("REDIS_URL", &redis),
            ("SMTP_URL", &smtp),
            ("CLOUDINARY_URL", &cloudinary),
            ("JWT_PREVIOUS_SECRETS", &list),
            ("PASSWORD_PREVIOUS_PEPPERS", &list),
        ];
        let loaded = load(&variables);
        assert!(loaded.config.is_ok());
        assert!(!format!("{loaded:?}").contains("canary"), "{loaded:?}");
        // Nor where there are faults, of these settings or of others.
        variables.extend([("LOG_LEVEL", "loud"), ("PUBLIC_URL", "x")]);
        assert!(!format!("{:?}", load(&variables)).contains("canary"));
        let malformed = [
            ("DATABASE_URL", "postgres:ada:canary@h"),
            ("REDIS_URL", "redis//:canary@h"),
            ("SMTP_URL", "smtp:ada:canary@h"),
            ("CLOUDINARY_URL", "https://key:canary@h"),
            ("JWT_SECRET", "canary"),
            ("JWT_PREVIOUS_SECRETS", "canary"),
            ("PASSWORD_PREVIOUS_PEPPERS", "canary"),
        ];
        let loaded = load(&malformed);
        assert_eq!(loaded.config.as_ref().unwrap_err().0.len(), malformed.len());
        assert!(!format!("{loaded:?} {}", loaded.config.as_ref().unwrap_err()).contains("canary"));
    }
}
