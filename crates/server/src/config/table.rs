//! Every setting, in the order in which they are shown.
//!
//! To add one: its entry here, and a line in its section's `read`, in the same order. The flag, the
//! dump and the help follow by themselves; `contacts config example > .env.example` writes the
//! template anew.

use super::setting::{
    DefaultValue::{Computed, Text},
    Empty, Secrecy, Setting,
};

pub(crate) static APP_ENV: Setting = Setting {
    name: "APP_ENV",
    section: "General",
    value_name: "ENVIRONMENT",
    default: Text("development"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "development or production. Production refuses defaults that are not safe or lose data, and says what to set.",
};

pub(crate) static DATA_DIR: Setting = Setting {
    name: "DATA_DIR",
    section: "General",
    value_name: "FOLDER",
    default: Text("./data"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The folder for the SQLite file and the key files. Replicas may share it.",
};

pub(crate) static BIND_ADDRESS: Setting = Setting {
    name: "BIND_ADDRESS",
    section: "HTTP",
    value_name: "IP:PORT",
    default: Text("127.0.0.1:8000"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Where the service listens. Port 0 takes any free port; the banner shows which.",
};

pub(crate) static PUBLIC_URL: Setting = Setting {
    name: "PUBLIC_URL",
    section: "HTTP",
    value_name: "URL",
    default: Computed { words: "from the address that is bound", example: "https://contacts.example.com" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The URL under which clients reach the service, for links in answers and documentation.",
};

pub(crate) static DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    section: "Database",
    value_name: "URL",
    default: Computed {
        words: "sqlite://<DATA_DIR>/contacts.db",
        example: "postgres://contacts:password@127.0.0.1:5432/contacts",
    },
    secrecy: Secrecy::Url,
    empty: Empty::Unset,
    help: "sqlite:// and the path of a file, or postgres://user:password@host:port/name. On PostgreSQL, ?sslmode= says \
           how the connection is encrypted: disable, prefer, require or verify-full.",
};

pub(crate) static DATABASE_POOL_SIZE: Setting = Setting {
    name: "DATABASE_POOL_SIZE",
    section: "Database",
    value_name: "NUMBER",
    default: Computed { words: "by database and number of cores", example: "16" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The most connections that this process opens, 1 to 1000. SQLite reads with at most 4.",
};

pub(crate) static AUTO_MIGRATE: Setting = Setting {
    name: "AUTO_MIGRATE",
    section: "Database",
    value_name: "BOOL",
    default: Computed { words: "true on SQLite and outside production, else false", example: "true" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Whether serve brings the database's tables up to date by itself. If false, it refuses to start until \
           `contacts migrate up` has done so.",
};

pub(crate) static REDIS_URL: Setting = Setting {
    name: "REDIS_URL",
    section: "Cache",
    value_name: "URL",
    default: Computed { words: "none, each process has a cache of its own", example: "redis://127.0.0.1:6379" },
    secrecy: Secrecy::Url,
    empty: Empty::Unset,
    help: "A Redis in which all replicas share their cache of users: redis:// or rediss:// (with TLS).",
};

pub(crate) static JWT_SECRET: Setting = Setting {
    name: "JWT_SECRET",
    section: "Tokens and passwords",
    value_name: "TEXT",
    default: Computed { words: "made on first start, kept in <DATA_DIR>/keys/jwt_secret", example: "" },
    secrecy: Secrecy::Secret,
    empty: Empty::Unset,
    help: "What tokens are signed with, at least 32 bytes, the same for all replicas. Required in production; \
           `openssl rand -base64 48` makes one.",
};

pub(crate) static ACCESS_TOKEN_TTL: Setting = Setting {
    name: "ACCESS_TOKEN_TTL",
    section: "Tokens and passwords",
    value_name: "DURATION",
    default: Text("15m"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How long an access token is valid: 90s, 15m, 1h, 30d, or a bare number of seconds.",
};

pub(crate) static REFRESH_TOKEN_TTL: Setting = Setting {
    name: "REFRESH_TOKEN_TTL",
    section: "Tokens and passwords",
    value_name: "DURATION",
    default: Text("30d"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How long a refresh token is valid, not shorter than an access token.",
};

pub(crate) static PASSWORD_PEPPER: Setting = Setting {
    name: "PASSWORD_PEPPER",
    section: "Tokens and passwords",
    value_name: "TEXT",
    default: Computed { words: "made on first start, kept in <DATA_DIR>/keys/password_pepper", example: "" },
    secrecy: Secrecy::Secret,
    empty: Empty::Unset,
    help: "What passwords are mixed with before they are hashed, at least 32 bytes, the same for all replicas. Required \
           in production. Without it no password that is stored can be checked: keep it as safe as the database.",
};

pub(crate) static BCRYPT_COST: Setting = Setting {
    name: "BCRYPT_COST",
    section: "Tokens and passwords",
    value_name: "NUMBER",
    default: Text("12"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The work of hashing a password, 4 to 15; one more doubles it. Production refuses less than 10.",
};

pub(crate) static CONTACTS_REQUIRED_FIELDS: Setting = Setting {
    name: "CONTACTS_REQUIRED_FIELDS",
    section: "Contacts",
    value_name: "FIELDS",
    default: Text("first_name,last_name,email,phone,birthday"),
    secrecy: Secrecy::Public,
    empty: Empty::Value,
    help: "Which fields a contact must have, some of the five of the default. Empty means none.",
};

pub(crate) static LOG_FORMAT: Setting = Setting {
    name: "LOG_FORMAT",
    section: "Log",
    value_name: "FORMAT",
    default: Computed { words: "pretty on a terminal, else json", example: "pretty" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "pretty, for people, or json, one object a line. The log goes to the standard error.",
};

pub(crate) static LOG_LEVEL: Setting = Setting {
    name: "LOG_LEVEL",
    section: "Log",
    value_name: "LEVEL",
    default: Text("info"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "off, error, warn, info, debug or trace; also by module, as in info,contacts_http=debug.",
};

pub(crate) static SETTINGS: [&Setting; 16] = [
    &APP_ENV,
    &DATA_DIR,
    &BIND_ADDRESS,
    &PUBLIC_URL,
    &DATABASE_URL,
    &DATABASE_POOL_SIZE,
    &AUTO_MIGRATE,
    &REDIS_URL,
    &JWT_SECRET,
    &ACCESS_TOKEN_TTL,
    &REFRESH_TOKEN_TTL,
    &PASSWORD_PEPPER,
    &BCRYPT_COST,
    &CONTACTS_REQUIRED_FIELDS,
    &LOG_FORMAT,
    &LOG_LEVEL,
];

/// Names that a later version gives a meaning. Somebody who sets one expects it to do something, so
/// they are told that it does not yet.
pub(crate) const LATER: [&str; 17] = [
    "CLOUDINARY_URL",
    "CONTACT_CREATE_LIMIT",
    "CONTACT_CREATE_WINDOW",
    "CORS_ALLOWED_ORIGINS",
    "JWT_PREVIOUS_SECRETS",
    "MAIL_FROM",
    "METRICS_ADDRESS",
    "PASSWORD_PREVIOUS_PEPPERS",
    "RATE_LIMIT_AUTH",
    "RATE_LIMIT_CONTACTS",
    "RATE_LIMIT_ENABLED",
    "RATE_LIMIT_LOGIN",
    "REQUIRE_VERIFIED_EMAIL",
    "SESSION_MAX_TTL",
    "SHUTDOWN_DRAIN",
    "SMTP_URL",
    "TRUSTED_PROXIES",
];
