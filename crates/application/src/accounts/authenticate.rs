//! Knowing who sends a request.

use std::sync::Arc;

use contacts_domain::{
    ports::{Clock, TokenCodec, TokenKind, UnitOfWorkFactory, UserCache},
    user::User,
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
    /// The user as they are, or were at most as long ago as the cache remembers.
    pub async fn execute(&self, access_token: &str) -> Result<User> {
        let claims = self.tokens.verify(TokenKind::Access, access_token, self.clock.now())?;
        if let Some(user) = self.user_cache.get(claims.user).await {
            return Ok(user);
        }
        let user = self.store.read().users().find(claims.user).await?.ok_or(Error::InvalidToken)?;
        self.user_cache.put(&user).await;
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ports::{Claims, MockTokenCodec, MockUserCache, TokenError};
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{FakeStore, ada, clock, now, unavailable};

    /// A codec that accepts Ada's access token, once.
    fn codec() -> MockTokenCodec {
        let mut codec = MockTokenCodec::new();
        codec
            .expect_verify()
            .times(1)
            .with(eq(TokenKind::Access), eq("token"), eq(now()))
            .returning(|_, _, _| Ok(Claims { user: ada().id, expires_at: now() }));
        codec
    }

    /// A cache that is asked for Ada once, and remembers nothing unless the test says so.
    fn cache(remembered: Option<User>) -> MockUserCache {
        let mut cache = MockUserCache::new();
        cache.expect_get().times(1).with(eq(ada().id)).return_once(|_| remembered);
        cache
    }

    fn authenticate(store: Arc<FakeStore>, codec: MockTokenCodec, cache: MockUserCache) -> Authenticate {
        Authenticate { store, tokens: Arc::new(codec), user_cache: Arc::new(cache), clock: clock() }
    }

    #[tokio::test]
    async fn the_database_is_not_asked_for_a_user_in_the_cache() {
        let user = authenticate(FakeStore::untouched(), codec(), cache(Some(ada()))).execute("token").await;
        assert_eq!(user.unwrap(), ada());
    }

    #[tokio::test]
    async fn a_user_who_is_read_is_remembered() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find().times(1).with(eq(ada().id)).returning(|_| Ok(Some(ada())));
        });
        let mut cache = cache(None);
        cache.expect_put().times(1).with(eq(ada())).return_const(());
        let user = authenticate(store, codec(), cache).execute("token").await;
        assert_eq!(user.unwrap(), ada());
    }

    #[tokio::test]
    async fn nobody_is_looked_for_when_the_token_is_not_valid() {
        let mut codec = MockTokenCodec::new();
        codec.expect_verify().times(1).returning(|_, _, _| Err(TokenError::Invalid));
        let result = authenticate(FakeStore::untouched(), codec, MockUserCache::new()).execute("token").await;
        assert!(matches!(result, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn a_token_is_not_valid_when_its_account_is_gone() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find().times(1).returning(|_| Ok(None));
        });
        let result = authenticate(store, codec(), cache(None)).execute("token").await;
        assert!(matches!(result, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn nobody_is_remembered_while_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find().times(1).returning(|_| Err(unavailable()));
        });
        let result = authenticate(store, codec(), cache(None)).execute("token").await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }
}
