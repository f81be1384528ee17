//! From the configuration to the use cases. This is the only place that knows which adapter is used
//! when: whoever adds an adapter adds an arm here.

use std::sync::Arc;

use contacts_application::{Application, Dependencies, Policy, limits::RateLimits};
use contacts_cloudinary::{CloudinaryStore, CloudinaryUrl};
use contacts_diesel::Database;
use contacts_domain::{
    ports::{AvatarStore, IdGenerator, Mailer, MediaReader, RateLimiter, UnitOfWorkFactory, UserCache},
    session::SessionLifetimes,
};
use contacts_imaging::ImagePipeline;
use contacts_local_media::LocalMedia;
use contacts_memory::{FallbackRateLimiter, MemoryRateLimiter, MemoryUserCache, TieredUserCache};
use contacts_metrics::{
    PrometheusMeter,
    metered::{MeteredRateLimiter, MeteredStore, MeteredUserCache},
};
use contacts_redis::{RedisInvalidations, RedisRateLimiter, RedisUserCache};
use contacts_security::{BcryptHasher, JwtCodec, LinkCodec, SystemClock, UuidV7Generator};
use contacts_smtp::{FileMailer, Sender, SmtpMailer, SmtpUrl};
use secrecy::ExposeSecret;

use crate::{
    config::{Config, DatabaseConfig, Fault, Faults},
    failure::{Failure, causes},
    keys::Keys,
    workers::Background,
};

/// The use cases, what works beside them, and what the banner says about what is behind them.
pub(crate) struct Wired {
    pub(crate) application: Arc<Application>,
    pub(crate) ids: Arc<dyn IdGenerator>,
    pub(crate) listeners: Vec<Background>,
    /// Where somebody collects metrics.
    pub(crate) meter: Option<Arc<PrometheusMeter>>,
    pub(crate) database: String,
    pub(crate) cache: &'static str,
    pub(crate) mail: String,
    pub(crate) avatars: String,
}

/// `public_url` is where this service is reached.
pub(crate) async fn wire(config: &Config, keys: &Keys, public_url: &str) -> Result<Wired, Failure> {
    let DatabaseConfig { url, pool_size, .. } = &config.database;
    let kind = if url.is_sqlite() { "SQLite" } else { "PostgreSQL" };
    let store = Database::connect(&contacts_diesel::DatabaseConfig { url: url.clone(), pool_size: *pool_size })
        .await
        .map_err(|error| Failure::because(&format!("Cannot use the database {}", url.redacted()), &error))?;
    let Shared { user_cache, rate_limiter, listeners, described: cache } = shared(config)?;
    let meter = config.server.metrics_address.map(|_| Arc::new(PrometheusMeter::new(env!("CARGO_PKG_VERSION"))));
    let Counted { store, user_cache, rate_limiter } =
        counted(Counted { store: Arc::new(store), user_cache, rate_limiter }, meter.as_ref());
    let (mailer, mail) = mailer(config)?;
    let Avatars { store: avatar_store, media, described: avatars } = avatars(config)?;
    let password_hasher = BcryptHasher::new(
        keys.password_pepper.clone(),
        config.passwords.previous_peppers.clone(),
        config.passwords.cost,
    )
    .map_err(|error| Failure::because("Passwords cannot be hashed", &error))?;
    let ids: Arc<dyn IdGenerator> = Arc::new(UuidV7Generator::new());

    let application = Application::new(&Dependencies {
        store,
        password_hasher: Arc::new(password_hasher),
        tokens: Arc::new(JwtCodec::new(&keys.jwt_secret, &config.tokens.previous_secrets)),
        link_tokens: Arc::new(LinkCodec::new(&keys.jwt_secret, &config.tokens.previous_secrets)),
        user_cache,
        rate_limiter,
        mailer,
        avatar_pipeline: Arc::new(ImagePipeline::new()),
        avatar_store,
        media,
        clock: Arc::new(SystemClock),
        ids: ids.clone(),
        policy: policy(config, public_url),
    });
    let database = format!("{kind}, {}", url.redacted());
    Ok(Wired { application: Arc::new(application), ids, listeners, meter, database, cache, mail, avatars })
}

/// What is counted besides requests.
struct Counted {
    store: Arc<dyn UnitOfWorkFactory>,
    user_cache: Arc<dyn UserCache>,
    rate_limiter: Arc<dyn RateLimiter>,
}

/// Bare where nobody collects metrics.
fn counted(bare: Counted, meter: Option<&Arc<PrometheusMeter>>) -> Counted {
    let Some(meter) = meter.cloned() else { return bare };
    let Counted { store, user_cache, rate_limiter } = bare;
    Counted {
        store: Arc::new(MeteredStore::new(store, meter.clone())),
        user_cache: Arc::new(MeteredUserCache::new(user_cache, meter.clone())),
        rate_limiter: Arc::new(MeteredRateLimiter::new(rate_limiter, meter)),
    }
}

/// What only the adapters can judge of the configuration, all of it, before anything is begun.
pub(crate) fn check(config: &Config) -> Result<(), Faults> {
    let mut faults = Vec::new();
    let mut note = |name: &str, error: String| faults.push(Fault::new(format!("{name} cannot be used: {error}.")));
    match (Sender::parse(&config.mail.from), &config.mail.smtp_url) {
        (Err(error), _) => note("MAIL_FROM", error.to_string()),
        (Ok(sender), Some(url)) => {
            let mailer = SmtpUrl::parse(url.expose_secret()).and_then(|url| SmtpMailer::new(&url, sender));
            if let Err(error) = mailer {
                note("SMTP_URL", error.to_string());
            }
        }
        (Ok(_), None) => {}
    }
    if let Some(url) = &config.media.cloudinary_url
        && let Err(error) = CloudinaryUrl::parse(url.expose_secret())
    {
        note("CLOUDINARY_URL", error.to_string());
    }
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

fn policy(config: &Config, public_url: &str) -> Policy {
    let limits = &config.limits;
    let rate_limits = if limits.enabled {
        RateLimits { contacts: Some(limits.contacts), login: Some(limits.login), refresh: Some(limits.auth) }
    } else {
        RateLimits::default()
    };
    Policy {
        public_url: public_url.to_owned(),
        session_lifetimes: SessionLifetimes {
            access: config.tokens.access_lifetime,
            idle: config.tokens.refresh_lifetime,
            absolute: config.tokens.session_lifetime,
        },
        require_verified_email: config.mail.require_verified_email,
        rate_limits,
        creation_quota: config.contacts.creation_quota,
        required_fields: config.contacts.required_fields.clone(),
    }
}

/// What replicas share, or one process has for itself.
struct Shared {
    user_cache: Arc<dyn UserCache>,
    rate_limiter: Arc<dyn RateLimiter>,
    listeners: Vec<Background>,
    described: &'static str,
}

fn shared(config: &Config) -> Result<Shared, Failure> {
    let Some(url) = &config.cache.redis_url else {
        return Ok(Shared {
            user_cache: Arc::new(MemoryUserCache::new()),
            rate_limiter: Arc::new(MemoryRateLimiter::new()),
            listeners: vec![],
            described: "in the memory of this process",
        });
    };
    // Redis itself may come later: only the URL can be wrong.
    let malformed = |error| Faults(vec![Fault::new(format!("REDIS_URL cannot be used: {}.", causes(&error)))]);
    let url = url.expose_secret();
    let cache = Arc::new(TieredUserCache::new(RedisUserCache::open(url).map_err(malformed)?));
    let invalidations = RedisInvalidations::open(url).map_err(malformed)?;
    let listener = cache.clone();
    let listen = async move { match invalidations.run(listener).await {} };
    let limiter = FallbackRateLimiter::new(RedisRateLimiter::open(url).map_err(malformed)?, MemoryRateLimiter::new());
    Ok(Shared {
        user_cache: cache,
        rate_limiter: Arc::new(limiter),
        listeners: vec![Box::pin(listen)],
        described: "Redis, shared by all replicas",
    })
}

fn mailer(config: &Config) -> Result<(Arc<dyn Mailer>, String), Failure> {
    let cannot = |name: &str, error: &dyn std::error::Error| {
        Faults(vec![Fault::new(format!("{name} cannot be used: {error}."))])
    };
    let sender = Sender::parse(&config.mail.from).map_err(|error| cannot("MAIL_FROM", &error))?;
    match &config.mail.smtp_url {
        Some(url) => {
            let url = SmtpUrl::parse(url.expose_secret()).map_err(|error| cannot("SMTP_URL", &error))?;
            let described = format!("by SMTP, {}", url.server());
            let mailer = SmtpMailer::new(&url, sender).map_err(|error| cannot("SMTP_URL", &error))?;
            Ok((Arc::new(mailer), described))
        }
        None => {
            let folder = config.general.data_dir.join("mail");
            let described = format!("into files, {}", folder.display());
            // Whoever develops has no mailbox; elsewhere a link in a log is a secret in a log.
            let log_links = !config.general.environment.is_production();
            Ok((Arc::new(FileMailer::new(folder, sender, log_links)), described))
        }
    }
}

struct Avatars {
    store: Arc<dyn AvatarStore>,
    media: Option<Arc<dyn MediaReader>>,
    described: String,
}

fn avatars(config: &Config) -> Result<Avatars, Failure> {
    match &config.media.cloudinary_url {
        Some(url) => {
            let url = CloudinaryUrl::parse(url.expose_secret())
                .map_err(|error| Faults(vec![Fault::new(format!("CLOUDINARY_URL cannot be used: {error}."))]))?;
            Ok(Avatars { store: Arc::new(CloudinaryStore::new(&url)), media: None, described: "in Cloudinary".into() })
        }
        None => {
            let folder = config.general.data_dir.join("media");
            let described = format!("on disk, {}", folder.display());
            let media = LocalMedia::new(&folder)
                .map_err(|error| Failure::because(&format!("Cannot keep avatars in {}", folder.display()), &error))?;
            let media = Arc::new(media);
            Ok(Avatars { store: media.clone(), media: Some(media), described })
        }
    }
}
