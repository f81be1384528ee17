//! Where the database is.

use std::path::{Path, PathBuf};

use crate::postgres::PostgresUrl;

/// `postgres://user:password@host:port/name?sslmode=...` or `sqlite://path`.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    Postgres(Box<PostgresUrl>),
    Sqlite(PathBuf),
}

/// Why a database URL cannot be used. The text never holds the URL, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidUrl(pub(crate) String);

impl DatabaseUrl {
    /// Nobody is asked whether there is such a database.
    ///
    /// # Errors
    ///
    /// [`InvalidUrl`] for any other scheme, for a part that PostgreSQL would not take, and for a SQLite database
    /// that is no file or has parameters.
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return PostgresUrl::parse(text).map(|url| Self(Kind::Postgres(Box::new(url))));
        }
        let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) else {
            return Err(InvalidUrl("a database URL begins with postgres:// or sqlite://".into()));
        };
        if path.is_empty() || path.contains(":memory:") || path.contains('?') || path.contains('\0') {
            let message = "a SQLite URL is sqlite:// and the path of a file (no :memory:, no parameters)";
            return Err(InvalidUrl(message.into()));
        }
        Ok(Self(Kind::Sqlite(path.into())))
    }

    /// The SQLite database in this file.
    pub fn sqlite(path: &Path) -> Self {
        Self(Kind::Sqlite(path.to_owned()))
    }

    /// Whether the database is a file of this machine, which no other replica can share.
    pub const fn is_sqlite(&self) -> bool {
        matches!(self.0, Kind::Sqlite(_))
    }

    /// The URL for people to read, without its password.
    pub fn redacted(&self) -> String {
        match &self.0 {
            Kind::Postgres(url) => url.redacted(),
            Kind::Sqlite(path) => format!("sqlite://{}", path.display()),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.redacted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_urls_name_a_file() {
        for (text, shown) in [
            ("sqlite://./data/contacts.db", "sqlite://./data/contacts.db"),
            ("sqlite:///var/lib/contacts.db", "sqlite:///var/lib/contacts.db"),
            ("sqlite:contacts.db", "sqlite://contacts.db"),
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert!(url.is_sqlite());
            assert_eq!(url.redacted(), shown);
        }
        for text in ["", "contacts.db", "sqlite://", "sqlite::memory:", "sqlite://a.db?mode=ro", "mysql://h/d"] {
            assert!(DatabaseUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url = DatabaseUrl::parse("postgres://ada:s3cret@db.example.com:5433/contacts?sslmode=require").unwrap();
        assert!(!url.is_sqlite());
        assert_eq!(url.redacted(), "postgres://ada:***@db.example.com:5433/contacts");
        assert!(!format!("{url:?}").contains("s3cret"));
        let fault = DatabaseUrl::parse("postgres://ada:s3cret@:port/").unwrap_err();
        assert!(!fault.to_string().contains("s3cret"), "{fault}");
    }
}
