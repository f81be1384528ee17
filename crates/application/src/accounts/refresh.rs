//! Staying logged in.

use std::sync::Arc;

use contacts_domain::{
    ports::{Clock, TokenCodec, TokenKind, UnitOfWorkFactory},
    validation::{ValidationErrors, Violation},
};

use super::tokens::{TokenIssuer, TokenPair};
use crate::{Error, Result};

/// A refresh as a client sends it. There is no `Debug`, for it holds a token.
#[derive(Clone, Default)]
pub struct RefreshRequest {
    pub refresh_token: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl RefreshRequest {
    fn validate(self) -> Result<String> {
        let Self { refresh_token, mut errors } = self;
        match errors.check("refresh_token", refresh_token.ok_or_else(Violation::required)) {
            Some(token) => Ok(errors.into_result(token)?),
            None => Err(errors.into()),
        }
    }
}

/// Exchanges a refresh token for a new pair.
pub struct Refresh {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) tokens: Arc<dyn TokenCodec>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) issuer: TokenIssuer,
}

impl Refresh {
    pub async fn execute(&self, request: RefreshRequest) -> Result<TokenPair> {
        let token = request.validate()?;
        let now = self.clock.now();
        let claims = self.tokens.verify(TokenKind::Refresh, &token, now)?;
        // The store and not the cache: whose account is gone does not get a token that outlives it.
        let user = self.store.read().users().find(claims.user).await?.ok_or(Error::InvalidToken)?;
        self.issuer.issue(user.id, now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use contacts_domain::{
        ports::{Claims, MockTokenCodec, TokenError},
        validation::ViolationCode,
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        accounts::TokenLifetimes,
        testing::{FakeStore, ada, clock, fault, faults, now, unavailable},
    };

    fn request() -> RefreshRequest {
        RefreshRequest { refresh_token: Some("old".into()), errors: ValidationErrors::new() }
    }

    /// A codec that accepts Ada's refresh token, once.
    fn codec() -> MockTokenCodec {
        let mut codec = MockTokenCodec::new();
        codec
            .expect_verify()
            .times(1)
            .with(eq(TokenKind::Refresh), eq("old"), eq(now()))
            .returning(|_, _, _| Ok(Claims { user: ada().id, expires_at: now() }));
        codec
    }

    fn refresh(store: Arc<FakeStore>, codec: MockTokenCodec) -> Refresh {
        let lifetimes = TokenLifetimes { access: Duration::from_secs(900), refresh: Duration::from_secs(86_400) };
        let tokens: Arc<dyn TokenCodec> = Arc::new(codec);
        Refresh { store, tokens: tokens.clone(), clock: clock(), issuer: TokenIssuer { codec: tokens, lifetimes } }
    }

    #[tokio::test]
    async fn a_refresh_token_gives_a_new_pair() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find().times(1).with(eq(ada().id)).returning(|_| Ok(Some(ada())));
        });
        let mut codec = codec();
        codec
            .expect_issue()
            .times(2)
            .withf(|_, claims, _| claims.user == ada().id)
            .returning(|kind, _, _| Ok(format!("new {kind:?}")));
        let pair = refresh(store, codec).execute(request()).await.unwrap();
        assert_eq!((pair.access_token.as_str(), pair.refresh_token.as_str()), ("new Access", "new Refresh"));
    }

    #[tokio::test]
    async fn a_missing_token_is_reported_with_what_else_is_wrong() {
        let mut empty = RefreshRequest::default();
        empty.errors.push(Violation::new(ViolationCode::UnknownField, "There is no such field.").at("token"));
        let result = refresh(FakeStore::untouched(), MockTokenCodec::new()).execute(empty).await;
        let expected = [fault("token", ViolationCode::UnknownField), fault("refresh_token", ViolationCode::Required)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn what_was_wrong_when_it_was_read_is_refused_although_the_token_is_there() {
        let mut wrong = request();
        wrong.errors.push(Violation::new(ViolationCode::UnknownField, "There is no such field.").at("token"));
        let result = refresh(FakeStore::untouched(), MockTokenCodec::new()).execute(wrong).await;
        assert_eq!(faults(result), [fault("token", ViolationCode::UnknownField)]);
    }

    #[tokio::test]
    async fn the_database_is_not_asked_when_the_token_is_not_valid() {
        let mut codec = MockTokenCodec::new();
        codec.expect_verify().times(1).returning(|_, _, _| Err(TokenError::Invalid));
        let result = refresh(FakeStore::untouched(), codec).execute(request()).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn no_token_is_given_when_the_account_is_gone() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find().times(1).returning(|_| Ok(None));
        });
        let result = refresh(store, codec()).execute(request()).await;
        assert!(matches!(result, Err(Error::InvalidToken)));
    }

    #[tokio::test]
    async fn no_token_is_given_while_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find().times(1).returning(|_| Err(unavailable()));
        });
        let result = refresh(store, codec()).execute(request()).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn a_token_that_cannot_be_signed_is_an_internal_error() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find().times(1).returning(|_| Ok(Some(ada())));
        });
        let mut codec = codec();
        codec.expect_issue().times(1).returning(|_, _, _| Err(TokenError::Backend("no key".into())));
        let result = refresh(store, codec).execute(request()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
    }
}
