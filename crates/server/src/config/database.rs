//! Which database, and who brings its tables up to date.

use std::path::Path;

use contacts_diesel::DatabaseUrl;

use super::{
    general::{Environment, GeneralConfig},
    parse,
    reader::Reader,
    table::{AUTO_MIGRATE, DATA_DIR, DATABASE_POOL_SIZE, DATABASE_URL},
};

/// More connections than this gain SQLite nothing, and it opens no more.
const MAX_SQLITE_CONNECTIONS: u32 = 4;

#[derive(Clone, Debug)]
pub(crate) struct DatabaseConfig {
    pub(crate) url: DatabaseUrl,
    /// None = by database and number of cores.
    pub(crate) pool_size: Option<u32>,
    pub(crate) auto_migrate: bool,
}

impl DatabaseConfig {
    /// Where `general` is none there is a fault already, and what is found here is reported with it.
    pub(crate) fn read(reader: &mut Reader<'_>, general: Option<&GeneralConfig>) -> Option<Self> {
        let environment = general.map_or(Environment::Development, |general| general.environment);
        let url = Self::read_url(reader, general);
        let pool_size = reader.read_optional(&DATABASE_POOL_SIZE, |text| parse::number(text, 1..=1000));
        let is_sqlite = url.as_ref().is_none_or(DatabaseUrl::is_sqlite);
        let auto = is_sqlite || !environment.is_production();
        let auto_migrate = reader.read_or(&AUTO_MIGRATE, auto, auto.to_string(), parse::boolean);

        if let Some(Some(size)) = pool_size
            && is_sqlite
            && size > MAX_SQLITE_CONNECTIONS
        {
            reader.warn(format!(
                "DATABASE_POOL_SIZE is {size}, but SQLite uses no more than {MAX_SQLITE_CONNECTIONS} connections."
            ));
        }
        Some(Self { url: url?, pool_size: pool_size?, auto_migrate: auto_migrate? })
    }

    /// For a command that only needs to find the database.
    pub(crate) fn read_url(reader: &mut Reader<'_>, general: Option<&GeneralConfig>) -> Option<DatabaseUrl> {
        let is_production = general.is_some_and(|general| general.environment.is_production());
        if is_production && !reader.is_given(&DATABASE_URL) && !reader.is_given(&DATA_DIR) {
            reader.fault(
                "DATABASE_URL or DATA_DIR must be set in production: the default, ./data, is easily lost. Set \
                 DATABASE_URL to postgres://..., or DATA_DIR to a folder that is kept.",
            );
        }
        let data_dir = general.map_or(Path::new("."), |general| &general.data_dir);
        let default = DatabaseUrl::sqlite(&data_dir.join("contacts.db"));
        let shown = default.redacted();
        reader.read_or(&DATABASE_URL, default, shown, |text| {
            DatabaseUrl::parse(text.trim()).map_err(|error| {
                format!("must be sqlite:// and a path, or postgres://user:password@host:port/name ({error})")
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{layers::Layers, layers::tests::environment};

    fn read(layers: &Layers) -> (Option<DatabaseConfig>, Vec<String>, Vec<String>) {
        let mut reader = Reader::new(layers);
        let general = GeneralConfig::read(&mut reader);
        let config = DatabaseConfig::read(&mut reader, general.as_ref());
        (config, reader.faults.iter().map(ToString::to_string).collect(), reader.warnings)
    }

    #[test]
    fn without_any_setting_it_is_a_file_in_the_data_folder() {
        let config = read(&environment(&[])).0.unwrap();
        assert_eq!(config.url.redacted(), "sqlite://./data/contacts.db");
        let config = read(&environment(&[("DATA_DIR", "/srv/contacts")])).0.unwrap();
        assert_eq!(config.url.redacted(), "sqlite:///srv/contacts/contacts.db");
    }

    #[test]
    fn who_migrates_depends_on_database_and_environment() {
        let postgres = ("DATABASE_URL", "postgres://ada@db/contacts");
        let production = ("APP_ENV", "production");
        let auto = |variables: &[(&str, &str)]| read(&environment(variables)).0.unwrap().auto_migrate;
        assert!(auto(&[]));
        assert!(auto(&[postgres]));
        assert!(!auto(&[postgres, production]));
        assert!(auto(&[postgres, production, ("AUTO_MIGRATE", "true")]));
        assert!(auto(&[production, ("DATA_DIR", "/srv")]));
        assert!(!auto(&[("AUTO_MIGRATE", "false")]));
    }

    #[test]
    fn production_does_not_keep_its_data_by_accident() {
        let (_, faults, _) = read(&environment(&[("APP_ENV", "production")]));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("DATABASE_URL or DATA_DIR must be set in production"), "{}", faults[0]);
        for variable in [("DATA_DIR", "/srv"), ("DATABASE_URL", "postgres://ada@db/contacts")] {
            assert!(read(&environment(&[("APP_ENV", "production"), variable])).1.is_empty());
        }
    }

    #[test]
    fn more_connections_than_sqlite_takes_are_mentioned() {
        assert_eq!(read(&environment(&[("DATABASE_POOL_SIZE", "5")])).2.len(), 1);
        assert_eq!(read(&environment(&[("DATABASE_POOL_SIZE", "4")])).2.len(), 0);
        let postgres = ("DATABASE_URL", "postgres://ada@db/contacts");
        assert_eq!(read(&environment(&[("DATABASE_POOL_SIZE", "5"), postgres])).2.len(), 0);
    }

    #[test]
    fn a_wrong_url_is_a_fault_that_hides_the_password() {
        let (config, faults, _) = read(&environment(&[("DATABASE_URL", "mysql://ada:canary@db/contacts")]));
        assert!(config.is_none());
        assert!(
            faults[0].starts_with("DATABASE_URL must be sqlite://") && !faults[0].contains("canary"),
            "{}",
            faults[0]
        );
    }
}
