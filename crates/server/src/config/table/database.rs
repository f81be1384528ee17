use crate::config::setting::{DefaultValue::Computed, Empty, Secrecy, Setting};

const SECTION: &str = "Database";

pub(crate) static DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    section: SECTION,
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
    section: SECTION,
    value_name: "NUMBER",
    default: Computed { words: "by database and number of cores", example: "16" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Connections for writes, 1 to 1000. On PostgreSQL the cores share one half, and what is long or done beside \
           requests has the other; each of them has one at least, and opens up to five more for reads. SQLite writes \
           with one, and reads with at most 4.",
};

pub(crate) static AUTO_MIGRATE: Setting = Setting {
    name: "AUTO_MIGRATE",
    section: SECTION,
    value_name: "BOOL",
    default: Computed { words: "true on SQLite and outside production, else false", example: "true" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Whether serve brings the database's tables up to date by itself. If false, it refuses to start until \
           `contacts migrate up` has done so.",
};
