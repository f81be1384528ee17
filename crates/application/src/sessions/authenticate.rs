//! Knowing who sends a request.

use std::sync::Arc;

use contacts_domain::{
    ports::{Clock, TokenCodec, UnitOfWorkFactory, UserCache},
    session::{CachedUser, CurrentUser},
};

use crate::{Error, Result};

/// Finds the user whom an access token was given to.
pub struct Authenticate {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) tokens: Arc<dyn TokenCodec>,
    pub(super) user_cache: Arc<dyn UserCache>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Authenticate {
    /// The user and their session, as they are or were a moment ago. Where the cache knows neither, the
    /// database is asked: the check is never left out.
    pub async fn execute(&self, access_token: &str) -> Result<CurrentUser> {
        // Before anything is read: what is cached is at least as fresh as this.
        let now = self.clock.now();
        let claims = self.tokens.verify_access(access_token, now)?;
        let (user, session) = (claims.user, claims.session);
        if let Some(cached) = self.user_cache.get(user, session).await
            && cached.is_fresh(now)
            // Whoever was given this token knows a newer version already.
            && cached.current.user.version >= claims.version
        {
            return Ok(cached.current);
        }
        let current = self.store.read().sessions().find_current(user, session, now).await?;
        let current = current.ok_or(Error::InvalidToken)?;
        self.user_cache.put(&CachedUser { current: current.clone(), read_at: now }).await;
        Ok(current)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use contacts_domain::{
        Timestamp,
        ports::{AccessClaims, MockTokenCodec, MockUserCache, TokenError},
        user::User,
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        Dependencies,
        sessions::Sessions,
        testing::{FakeStore, a_session, ada, current_ada, dependencies, now, unavailable},
    };

    /// Accepts Ada's token, which was given to her in her present version.
    fn codec() -> MockTokenCodec {
        let claims = AccessClaims {
            user: ada().id,
            session: a_session().id,
            version: ada().version,
            issued_at: now(),
            expires_at: now(),
        };
        let mut codec = MockTokenCodec::new();
        codec.expect_verify_access().times(1).with(eq("token"), eq(now())).returning(move |_, _| Ok(claims));
        codec
    }

    fn cached(version: i64, read_at: Timestamp) -> CachedUser {
        let current = CurrentUser { user: User { version, ..ada() }, session: a_session().id };
        CachedUser { current, read_at }
    }

    /// A cache that knows this of Ada's session.
    fn cache(known: Option<CachedUser>) -> MockUserCache {
        let mut cache = MockUserCache::new();
        cache.expect_get().times(1).with(eq(ada().id), eq(a_session().id)).return_once(|_, _| known);
        cache
    }

    /// The same, and it is told of Ada as she was read just now.
    fn cache_to_fill(known: Option<CachedUser>) -> MockUserCache {
        let mut cache = cache(known);
        let read = CachedUser { current: current_ada(), read_at: now() };
        cache.expect_put().times(1).with(eq(read)).return_const(());
        cache
    }

    /// A store that is asked once, and has this.
    fn store(found: Option<CurrentUser>) -> Arc<FakeStore> {
        FakeStore::reading(|reads| {
            let find = reads.sessions.expect_find_current().times(1);
            find.with(eq(ada().id), eq(a_session().id), eq(now())).return_once(|_, _, _| Ok(found));
        })
    }

    async fn execute(store: Arc<FakeStore>, codec: MockTokenCodec, cache: MockUserCache) -> Result<CurrentUser> {
        let (tokens, user_cache) = (Arc::new(codec), Arc::new(cache));
        let dependencies = Dependencies { tokens, user_cache, ..dependencies(&store) };
        Sessions::new(&dependencies).authenticate.execute("token").await
    }

    #[tokio::test]
    async fn the_database_is_not_asked_while_the_cache_is_fresh() {
        let a_moment_ago = now() - TimeDelta::seconds(29);
        for version in [ada().version, ada().version + 1] {
            let fresh = cached(version, a_moment_ago);
            let current = execute(FakeStore::untouched(), codec(), cache(Some(fresh.clone()))).await.unwrap();
            assert_eq!(current, fresh.current);
        }
    }

    #[tokio::test]
    async fn the_database_is_asked_when_the_cache_knows_nothing_or_is_stale() {
        for known in [None, Some(cached(ada().version, now() - TimeDelta::seconds(30)))] {
            let current = execute(store(Some(current_ada())), codec(), cache_to_fill(known)).await.unwrap();
            assert_eq!(current, current_ada());
        }
    }

    #[tokio::test]
    async fn the_database_is_asked_when_the_cache_is_older_than_the_token() {
        let older = cached(ada().version - 1, now());
        let current = execute(store(Some(current_ada())), codec(), cache_to_fill(Some(older))).await.unwrap();
        assert_eq!(current, current_ada());
    }

    #[tokio::test]
    async fn nobody_is_accepted_or_remembered_whose_session_has_ended() {
        for known in [None, Some(cached(ada().version, now() - TimeDelta::minutes(1)))] {
            let result = execute(store(None), codec(), cache(known)).await;
            assert!(matches!(result, Err(Error::InvalidToken)));
        }
    }

    #[tokio::test]
    async fn nothing_is_asked_when_the_token_is_not_valid() {
        let mut codec = MockTokenCodec::new();
        codec.expect_verify_access().times(1).returning(|_, _| Err(TokenError::Invalid));
        let result = execute(FakeStore::untouched(), codec, MockUserCache::new()).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn nobody_is_accepted_or_remembered_while_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.sessions.expect_find_current().times(1).returning(|_, _, _| Err(unavailable()));
        });
        let result = execute(store, codec(), cache(None)).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
