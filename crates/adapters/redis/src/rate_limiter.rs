//! How often something is done, as all replicas count it together.

use std::{fmt, num::NonZeroU32, time::Duration};

use async_trait::async_trait;
use contacts_domain::{
    ports::RateLimiter,
    rate_limit::{RateDecision, RateKey, RateLimit},
};
use redis::Script;

use crate::{
    client::{Client, InvalidUrl, Timing},
    connections::Connection,
    keys,
};

/// The longest window, in microseconds: some 140 years. Numbers of Lua are whole up to twice this.
const LONGEST: u64 = 1 << 52;

/// When the bucket is full again, in microseconds by the clock of Redis, which all replicas share; `now`
/// where it is full. What is not of ours counts as a full bucket, and a time that no request leads to,
/// because the clock was set back, as an empty one.
const BUCKET: &str = "
    local time = redis.call('TIME')
    local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
    local interval = tonumber(ARGV[1])
    local window = interval * tonumber(ARGV[2])
    local stored = redis.pcall('GET', KEYS[1])
    local full_at = type(stored) == 'string' and string.match(stored, '^%d+$') and tonumber(stored) or now
    full_at = math.max(now, math.min(full_at, now + window))

    local function keep(full_at)
        local milliseconds = math.ceil((full_at - now) / 1000)
        redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', string.format('%.0f', milliseconds))
    end
";

/// As `RateLimit::take`. Answers whether it is allowed, and when the bucket is full again from now.
const TAKE: &str = "
    local taken = full_at + interval
    if taken <= now + window then
        keep(taken)
        return {1, taken - now}
    end
    return {0, full_at - now}
";

/// As `RateLimit::give_back`.
const GIVE_BACK: &str = "
    full_at = full_at - interval
    if full_at > now then
        keep(full_at)
    else
        redis.call('DEL', KEYS[1])
    end
    return 1
";

/// Counts in Redis: exactly, by its clock. Where Redis does not answer in time it cannot tell.
pub struct RedisRateLimiter {
    client: Client,
    take: Script,
    give_back: Script,
}

impl RedisRateLimiter {
    /// Fails where the URL is malformed, and for no other reason: Redis may be down now and come up
    /// later. Must be called in a runtime.
    pub fn open(url: &str) -> Result<Self, InvalidUrl> {
        Self::open_with(url, Timing::USUAL)
    }

    pub(crate) fn open_with(url: &str, timing: Timing) -> Result<Self, InvalidUrl> {
        Ok(Self {
            client: Client::open(url, timing, "limits are not counted together")?,
            take: Script::new(&[BUCKET, TAKE].concat()),
            give_back: Script::new(&[BUCKET, GIVE_BACK].concat()),
        })
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn take(&self, key: &RateKey, limit: &RateLimit) -> Option<RateDecision> {
        let limit = whole(limit);
        let take = async |mut connection: Connection| {
            let mut take = self.take.key(keys::bucket(key));
            take.arg(microseconds(limit.interval())).arg(limit.burst().get());
            take.invoke_async::<(bool, u64)>(&mut connection.redis).await
        };
        let (allowed, reset) = self.client.call(take).await?;
        Some(limit.decision(allowed, Duration::from_micros(reset)))
    }

    async fn give_back(&self, key: &RateKey, limit: &RateLimit) {
        let limit = whole(limit);
        let give_back = async |mut connection: Connection| {
            let mut give_back = self.give_back.key(keys::bucket(key));
            give_back.arg(microseconds(limit.interval())).arg(limit.burst().get());
            give_back.invoke_async::<i64>(&mut connection.redis).await
        };
        self.client.call(give_back).await;
    }
}

/// The same limit with an interval of whole microseconds, in which Redis counts: rounded up, and so
/// never more than was allowed.
fn whole(limit: &RateLimit) -> RateLimit {
    let longest = LONGEST / u64::from(limit.burst().get());
    let interval = microseconds(limit.interval()).min(longest);
    // There is no interval under a microsecond that it could be refused for.
    RateLimit::new(NonZeroU32::MIN, Duration::from_micros(interval), limit.burst()).unwrap_or(*limit)
}

/// Rounded up.
fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX)
}

impl fmt::Debug for RedisRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisRateLimiter").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_rounded_up_to_whole_microseconds() {
        let limit = |amount, period, burst| {
            RateLimit::new(NonZeroU32::new(amount).unwrap(), period, NonZeroU32::new(burst).unwrap()).unwrap()
        };
        let second = Duration::from_secs(1);
        assert_eq!(whole(&limit(10, second, 5)), limit(10, second, 5));
        assert_eq!(whole(&limit(3, second, 5)).interval(), Duration::from_micros(333_334));
        assert_eq!(whole(&limit(1, Duration::from_nanos(1_001), 5)).interval(), Duration::from_micros(2));
        let endless = whole(&limit(1, Duration::MAX, u32::MAX));
        assert!(endless.window() <= Duration::from_micros(LONGEST) && !endless.interval().is_zero());
    }
}
