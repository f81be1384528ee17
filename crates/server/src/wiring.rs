//! From the configuration to the use cases. This is the only place that knows which adapter is used
//! when: whoever adds an adapter adds an arm here.

use std::sync::Arc;

use contacts_application::{Application, Dependencies, accounts::TokenLifetimes};
use contacts_diesel::Database;
use contacts_domain::ports::{IdGenerator, UserCache};
use contacts_memory::MemoryUserCache;
use contacts_redis::RedisUserCache;
use contacts_security::{BcryptHasher, JwtCodec, SystemClock, UuidV7Generator};
use secrecy::ExposeSecret;

use crate::{
    config::{Config, DatabaseConfig, Fault, Faults},
    failure::{Failure, causes},
    keys::Keys,
};

/// The use cases, and what the banner says about what is behind them.
pub(crate) struct Wired {
    pub(crate) application: Arc<Application>,
    pub(crate) ids: Arc<dyn IdGenerator>,
    pub(crate) database: String,
    pub(crate) cache: &'static str,
}

pub(crate) async fn wire(config: &Config, keys: &Keys) -> Result<Wired, Failure> {
    let DatabaseConfig { url, pool_size, .. } = &config.database;
    let kind = if url.is_sqlite() { "SQLite" } else { "PostgreSQL" };
    let store = Database::connect(&contacts_diesel::DatabaseConfig { url: url.clone(), pool_size: *pool_size })
        .await
        .map_err(|error| Failure::because(&format!("Cannot use the database {}", url.redacted()), &error))?;

    let (user_cache, cache): (Arc<dyn UserCache>, _) = match &config.cache.redis_url {
        Some(url) => {
            // Redis itself may come later: only the URL can be wrong.
            let malformed = |error| Faults(vec![Fault::new(format!("REDIS_URL cannot be used: {}.", causes(&error)))]);
            let cache = RedisUserCache::connect(url.expose_secret()).await.map_err(malformed)?;
            (Arc::new(cache), "Redis, shared by all replicas")
        }
        None => (Arc::new(MemoryUserCache::new()), "in the memory of this process"),
    };

    let ids: Arc<dyn IdGenerator> = Arc::new(UuidV7Generator::new());
    let password_hasher = BcryptHasher::new(keys.password_pepper.clone(), config.passwords.cost)
        .map_err(|error| Failure::because("BCRYPT_COST cannot be used", &error))?;

    let application = Application::new(Dependencies {
        store: Arc::new(store),
        password_hasher: Arc::new(password_hasher),
        tokens: Arc::new(JwtCodec::new(&keys.jwt_secret)),
        user_cache,
        clock: Arc::new(SystemClock),
        ids: ids.clone(),
        token_lifetimes: TokenLifetimes {
            access: config.tokens.access_lifetime,
            refresh: config.tokens.refresh_lifetime,
        },
        required_fields: config.contacts.required_fields.clone(),
    });
    Ok(Wired { application: Arc::new(application), ids, database: format!("{kind}, {}", url.redacted()), cache })
}
