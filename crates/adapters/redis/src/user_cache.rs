//! Users and their sessions that were read a moment ago, for all replicas.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use contacts_domain::{
    ids::{SessionId, UserId},
    ports::UserCache,
    session::CachedUser,
};
use redis::{RedisResult, Script};

use crate::{
    client::{Client, InvalidUrl, Timing},
    connections::Connection,
    entry::{Unreadable, decode, digits, encode, version},
    keys,
    untold::Untold,
};

/// What the port allows at most.
pub(crate) const ENTRY_MS: u64 = 30_000;
/// Longer than what was read before the change may be believed, with room for clocks that differ.
pub(crate) const MINIMUM_MS: u64 = 60_000;

/// Reads the version that a value begins with. With leading zeros, numbers of any size compare as text;
/// those of Lua are floating. What does not look like a value of ours, or would stay for longer than
/// one, was not written by us.
const STORED: &str = "
    local function stored(key, longest)
        local value = redis.pcall('GET', key)
        local remaining = redis.call('PTTL', key)
        if type(value) == 'string' and remaining >= 0 and remaining <= tonumber(longest) then
            return string.match(value, '^' .. string.rep('%d', 20))
        end
    end
";

/// Stores an entry unless a newer one is there, or one that new is not to be believed. What is there
/// and not of ours is replaced.
const PUT: &str = "
    local version = string.sub(ARGV[1], 1, 20)
    local minimum = stored(KEYS[2], ARGV[3])
    if not minimum then
        redis.call('DEL', KEYS[2])
    elseif minimum > version then
        return 0
    end
    local newest = stored(KEYS[1], ARGV[2])
    if newest and newest > version then
        return 0
    end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return 1
";

/// Raises the minimum, prolongs it in any case, and tells everybody. Entries stay: the minimum hides
/// them, and also those that are put later.
const INVALIDATE: &str = "
    local minimum = ARGV[1]
    local known = stored(KEYS[1], ARGV[2])
    if known and known > minimum then
        minimum = known
    end
    redis.call('SET', KEYS[1], minimum, 'PX', ARGV[2])
    redis.call('PUBLISH', ARGV[3], ARGV[4] .. ':' .. minimum)
    return 1
";

/// Keeps each entry for 30 seconds from when it was put, and each minimum for 60.
pub struct RedisUserCache {
    put: Script,
    teller: Arc<Teller>,
    untold: Untold,
}

/// What tells Redis, and through it everybody, what is not to be believed any more.
pub(crate) struct Teller {
    client: Client,
    invalidate: Script,
}

impl Teller {
    /// Whether it is told. Not even tried while Redis is left alone: a request does not wait for it.
    async fn tell(&self, user: UserId, minimum: i64) -> bool {
        self.client.call(|connection| self.send(connection, user, minimum)).await.is_some()
    }

    /// Tries in any case.
    pub(crate) async fn insist(&self, user: UserId, minimum: i64) -> bool {
        self.client.insist(|connection| self.send(connection, user, minimum)).await.is_some()
    }

    async fn send(&self, mut connection: Connection, user: UserId, minimum: i64) -> RedisResult<i64> {
        let mut invalidate = self.invalidate.key(keys::minimum(&connection.run, user));
        invalidate.arg(digits(minimum)).arg(MINIMUM_MS).arg(keys::INVALIDATIONS).arg(user.to_string());
        invalidate.invoke_async::<i64>(&mut connection.redis).await
    }
}

impl RedisUserCache {
    /// Fails where the URL is malformed, and for no other reason: Redis may be down now and come up
    /// later. Must be called in a runtime.
    pub fn open(url: &str) -> Result<Self, InvalidUrl> {
        Self::open_with(url, Timing::USUAL)
    }

    pub(crate) fn open_with(url: &str, timing: Timing) -> Result<Self, InvalidUrl> {
        let teller = Teller {
            client: Client::open(url, timing, "users are read from the database")?,
            invalidate: Script::new(&[STORED, INVALIDATE].concat()),
        };
        Ok(Self { put: Script::new(&[STORED, PUT].concat()), teller: Arc::new(teller), untold: Untold::default() })
    }
}

#[async_trait]
impl UserCache for RedisUserCache {
    async fn get(&self, user: UserId, session: SessionId) -> Option<CachedUser> {
        let get = async |mut connection: Connection| {
            let run = &connection.run;
            let mut get = redis::cmd("MGET");
            get.arg(keys::entry(run, user, session)).arg(keys::minimum(run, user));
            get.query_async::<(Option<Vec<u8>>, Option<Vec<u8>>)>(&mut connection.redis).await
        };
        let (entry, minimum) = self.teller.client.call(get).await?;
        believe(user, session, &entry?, minimum.as_deref())
            .inspect_err(|reason| tracing::warn!(%user, %reason, "an entry of the user cache is ignored"))
            .ok()
            .flatten()
    }

    async fn put(&self, entry: &CachedUser) {
        let (user, session) = (entry.current.user.id, entry.current.session);
        let encoded = match encode(entry) {
            Ok(encoded) => encoded,
            Err(error) => {
                tracing::warn!(%user, %error, "a user cannot be cached");
                return;
            }
        };
        let put = async |mut connection: Connection| {
            let run = &connection.run;
            let mut put = self.put.key(keys::entry(run, user, session));
            put.key(keys::minimum(run, user)).arg(encoded).arg(ENTRY_MS).arg(MINIMUM_MS);
            put.invoke_async::<i64>(&mut connection.redis).await
        };
        self.teller.client.call(put).await;
    }

    async fn invalidate(&self, user: UserId, minimum: i64) {
        if !self.teller.tell(user, minimum).await {
            self.untold.keep(user, minimum, &self.teller);
        }
    }
}

/// The entry, where its version is new enough.
fn believe(
    user: UserId,
    session: SessionId,
    entry: &[u8],
    minimum: Option<&[u8]>,
) -> Result<Option<CachedUser>, Unreadable> {
    let entry = decode(user, session, entry)?;
    let minimum = minimum.map(|digits| version(digits).ok_or(Unreadable::Minimum)).transpose()?;
    Ok(Some(entry).filter(|entry| minimum.is_none_or(|minimum| entry.current.user.version >= minimum)))
}

impl fmt::Debug for RedisUserCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisUserCache").finish_non_exhaustive()
    }
}
