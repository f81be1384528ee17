//! What is checked. Each check ends within its deadline, whatever became of the others.

use std::{io::ErrorKind, net::TcpListener, num::NonZeroU32, path::Path, time::Duration};

use contacts_cloudinary::{CloudinaryStore, CloudinaryUrl};
use contacts_diesel::{Database, DatabaseUrl, examine, migrations};
use contacts_domain::{
    avatar::AvatarFormat,
    ids::{AvatarId, SessionId},
    ports::{AvatarStore as _, IdGenerator as _, RateLimiter as _, UnitOfWorkFactory as _},
    rate_limit::{RateKey, RateLimit},
};
use contacts_redis::RedisRateLimiter;
use contacts_security::UuidV7Generator;
use contacts_smtp::{Sender, SmtpMailer, SmtpUrl};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::Finding;
use crate::{config::Config, failure::causes, wiring};

/// Longer than any of the checks takes that has a bound of its own.
const DEADLINE: Duration = Duration::from_secs(20);

/// A sentence of what is well, or of what is wrong.
type Checked = Result<String, String>;

pub(super) async fn all(config: &Config) -> Vec<Finding> {
    let configuration = wiring::check(config).map(|()| "Nothing is wrong with it.".to_owned());
    [
        ("configuration", configuration.map_err(|faults| faults.to_string())),
        ("keys", keys(config)),
        ("database", within(database(&config.database.url)).await),
        ("redis", within(redis(config.cache.redis_url.as_ref())).await),
        ("mail", within(mail(config)).await),
        ("avatars", within(avatars(config)).await),
        ("port", port(config)),
    ]
    .map(|(what, checked)| match checked {
        Ok(sentence) => Finding::well(what, sentence),
        Err(sentence) => Finding::wrong(what, sentence),
    })
    .into()
}

async fn within(check: impl Future<Output = Checked>) -> Checked {
    let late = |_| format!("No answer within {} seconds.", DEADLINE.as_secs());
    timeout(DEADLINE, check).await.map_err(late)?
}

fn sentence(what: &str, error: &(dyn std::error::Error + 'static)) -> String {
    format!("{what}: {}.", causes(error).trim_end_matches('.'))
}

/// Whether the key files that are used are for their owner alone.
fn keys(config: &Config) -> Checked {
    let folder = config.general.data_dir.join("keys");
    let files = [(&config.tokens.secret, "jwt_secret"), (&config.passwords.pepper, "password_pepper")];
    let used: Vec<_> = files.iter().filter(|(set, _)| set.is_none()).map(|(_, name)| folder.join(name)).collect();
    let open: Vec<_> =
        used.iter().filter(|file| is_open_to_others(file)).map(|file| file.display().to_string()).collect();
    if !open.is_empty() {
        return Err(format!("Others may look into {}: take that from them (chmod 600).", open.join(" and ")));
    }
    Ok(if used.is_empty() {
        "They are configured.".to_owned()
    } else if used.iter().all(|file| file.exists()) {
        format!("They are in {}, for their owner alone.", folder.display())
    } else {
        format!("The first start makes them in {}.", folder.display())
    })
}

#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

async fn database(url: &DatabaseUrl) -> Checked {
    let shown = url.redacted();
    if !is_there(url) {
        return Ok(format!("The first start makes {shown}."));
    }
    let cannot = |error: &(dyn std::error::Error + 'static)| sentence(&format!("{shown} cannot be used"), error);
    let config = contacts_diesel::DatabaseConfig { url: url.clone(), pool_size: Some(1) };
    let store = Database::connect(&config).await.map_err(|error| cannot(&error))?;
    store.ping().await.map_err(|error| cannot(&error))?;
    let mut wrong = examine(url).await.map_err(|error| cannot(&error))?;
    let all = migrations::status(url).await.map_err(|error| cannot(&error))?;
    let pending: Vec<_> = all.iter().filter(|migration| !migration.applied).map(|migration| &*migration.name).collect();
    if !pending.is_empty() {
        wrong.push(format!("{shown} lacks migrations: {}. Run `contacts migrate up`.", pending.join(", ")));
    }
    if wrong.is_empty() { Ok(format!("{shown} answers and is up to date.")) } else { Err(wrong.join(" ")) }
}

/// A file of SQLite may be yet to come.
fn is_there(url: &DatabaseUrl) -> bool {
    url.redacted().strip_prefix("sqlite://").is_none_or(|path| Path::new(path).exists())
}

/// Counts something of nobody: so it is known whether Redis takes what it is told.
async fn redis(url: Option<&SecretString>) -> Checked {
    let Some(url) = url else {
        return Ok("It is not used: this process remembers users and counts by itself.".to_owned());
    };
    let limiter = RedisRateLimiter::open(url.expose_secret()).map_err(|error| sentence("REDIS_URL", &error))?;
    let nobody = RateKey::Refresh(SessionId::new(UuidV7Generator::new().next()));
    let once = NonZeroU32::MIN;
    let limit = RateLimit::new(once, Duration::from_secs(1), once).ok_or("Nothing can be counted.")?;
    match limiter.take(&nobody, &limit).await {
        Some(_) => Ok("It answers, and keeps what it is told.".to_owned()),
        None => Err(
            "It does not answer, or refuses to be written to: look at REDIS_URL, and at its log. The service works \
                     without it, but replicas do not hear of each other."
                .to_owned(),
        ),
    }
}

async fn mail(config: &Config) -> Checked {
    let Some(url) = &config.mail.smtp_url else {
        return Ok("No server is set: mails are written into files.".to_owned());
    };
    let url = SmtpUrl::parse(url.expose_secret()).map_err(|error| sentence("SMTP_URL", &error))?;
    let sender = Sender::parse(&config.mail.from).map_err(|error| sentence("MAIL_FROM", &error))?;
    let mailer = SmtpMailer::new(&url, sender).map_err(|error| sentence("SMTP_URL", &error))?;
    let server = url.server();
    mailer.log_in().await.map_err(|error| sentence(&format!("{server} takes no mails of ours"), &error))?;
    Ok(format!("{server} would take mails."))
}

/// Asks for the removal of a picture that was never there.
async fn avatars(config: &Config) -> Checked {
    let Some(url) = &config.media.cloudinary_url else {
        return Ok("They are files on disk.".to_owned());
    };
    let url = CloudinaryUrl::parse(url.expose_secret()).map_err(|error| sentence("CLOUDINARY_URL", &error))?;
    let nothing = AvatarId::new(UuidV7Generator::new().next());
    let asked = CloudinaryStore::new(&url).remove(nothing, AvatarFormat::Jpeg).await;
    asked.map_err(|error| sentence("Cloudinary cannot be used", &error))?;
    Ok("Cloudinary answers, and knows the account.".to_owned())
}

/// Free, or taken by the service itself.
fn port(config: &Config) -> Checked {
    let address = config.server.bind_address;
    match TcpListener::bind(address) {
        Ok(_) => Ok(format!("{address} is free.")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Ok(format!("{address} is taken: `contacts healthcheck` says whether by this service."))
        }
        Err(error) => Err(format!("Nobody can listen on {address} (BIND_ADDRESS): {error}.")),
    }
}
