//! Where the data is while something is measured.

use crate::harness::{Setup, redis_url};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// SQLite, and all else in the memory of the process.
    Sqlite,
    /// PostgreSQL, with Redis for what replicas share.
    PostgresAndRedis,
}

impl Place {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::PostgresAndRedis => "PostgreSQL, Redis",
        }
    }

    /// A server on a database of its own, without limits, as the tests of the API start it.
    pub(crate) async fn setup(self, cost: u32) -> Setup {
        let setup = match self {
            Self::Sqlite => Setup::sqlite(),
            Self::PostgresAndRedis => Setup::postgres().await.env("REDIS_URL", &redis_url()),
        };
        // Who reads the log is on the same machine, and would be measured, too.
        setup.env("LOG_LEVEL", "warn").env("BCRYPT_COST", &cost.to_string())
    }
}
