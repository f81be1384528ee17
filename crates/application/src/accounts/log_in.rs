//! Logging in.

use std::sync::Arc;

use contacts_domain::{
    email_address::account_key,
    password::Password,
    ports::{Clock, PasswordHasher, UnitOfWorkFactory},
    user::Credentials,
    validation::{ValidationErrors, Violation},
};

use super::tokens::{TokenIssuer, TokenPair};
use crate::{Error, Result};

/// A login as a client sends it. Any text may be tried; there is no `Debug`, for it holds a password.
#[derive(Clone, Default)]
pub struct LoginAttempt {
    pub email: Option<String>,
    pub password: Option<String>,
    /// What was already wrong when the attempt was read.
    pub errors: ValidationErrors,
}

impl LoginAttempt {
    fn validate(self) -> Result<(String, Password)> {
        let Self { email, password, mut errors } = self;
        let email = errors.check("email", email.ok_or_else(Violation::required));
        let password = errors.check("password", password.ok_or_else(Violation::required));
        match (email, password) {
            (Some(email), Some(password)) => Ok(errors.into_result((email, Password::attempt(&password)))?),
            _ => Err(errors.into()),
        }
    }
}

/// Exchanges an address and a password for tokens.
pub struct LogIn {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) issuer: TokenIssuer,
}

impl LogIn {
    /// A pair of tokens. An unknown address and a wrong password cost the same work and give the same
    /// error, so that nobody learns who has an account.
    pub async fn execute(&self, attempt: LoginAttempt) -> Result<TokenPair> {
        let (email, password) = attempt.validate()?;
        let credentials = self.credentials(&email).await?;
        let hash = credentials.as_ref().map(|credentials| &credentials.password_hash);
        let is_right = self.password_hasher.verify(&password, hash).await?;
        let Credentials { user, .. } = credentials.filter(|_| is_right).ok_or(Error::InvalidCredentials)?;
        self.issuer.issue(user.id, self.clock.now())
    }

    async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        let key = account_key(email);
        if key.contains('\0') {
            // No address holds it, and a database may refuse even to look for it.
            return Ok(None);
        }
        Ok(self.store.read().users().find_credentials(&key).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use contacts_domain::{
        password::PasswordHash,
        ports::{HasherError, MockPasswordHasher, MockTokenCodec, TokenError},
        validation::ViolationCode,
    };
    use mockall::predicate::eq;

    use super::*;
    use crate::{
        accounts::TokenLifetimes,
        testing::{FakeStore, ada, clock, fault, faults, unavailable},
    };

    fn attempt(email: &str) -> LoginAttempt {
        LoginAttempt {
            email: Some(email.into()),
            password: Some("analytical engine".into()),
            errors: ValidationErrors::new(),
        }
    }

    async fn execute(
        store: Arc<FakeStore>,
        hasher: MockPasswordHasher,
        codec: MockTokenCodec,
        attempt: LoginAttempt,
    ) -> Result<TokenPair> {
        let lifetimes = TokenLifetimes { access: Duration::from_secs(900), refresh: Duration::from_secs(86_400) };
        let issuer = TokenIssuer { codec: Arc::new(codec), lifetimes };
        LogIn { store, password_hasher: Arc::new(hasher), clock: clock(), issuer }.execute(attempt).await
    }

    /// An attempt that gets no token, whatever else it gets.
    async fn refused(store: Arc<FakeStore>, hasher: MockPasswordHasher, attempt: LoginAttempt) -> Error {
        execute(store, hasher, MockTokenCodec::new(), attempt).await.unwrap_err()
    }

    /// A store that knows Ada alone.
    fn store() -> Arc<FakeStore> {
        FakeStore::reading(|reads| {
            reads.users.expect_find_credentials().times(1).returning(|key| {
                let password_hash = PasswordHash::new("$hash".into());
                Ok((key == "ada@example.com").then(|| Credentials { user: ada(), password_hash }))
            });
        })
    }

    /// Compares once, with the hash of somebody who exists or with none.
    fn hasher(exists: bool, is_right: bool) -> MockPasswordHasher {
        let mut hasher = MockPasswordHasher::new();
        hasher
            .expect_verify()
            .times(1)
            .withf(move |password, hash| {
                password.expose() == "analytical engine" && hash.map(PasswordHash::expose) == exists.then_some("$hash")
            })
            .returning(move |_, _| Ok(is_right));
        hasher
    }

    #[tokio::test]
    async fn the_right_password_gives_tokens_whatever_the_case_of_the_address() {
        let mut codec = MockTokenCodec::new();
        codec
            .expect_issue()
            .times(2)
            .withf(|_, claims, _| claims.user == ada().id)
            .returning(|kind, _, _| Ok(format!("{kind:?}")));
        let pair = execute(store(), hasher(true, true), codec, attempt(" ADA@example.com")).await.unwrap();
        assert_eq!((pair.access_token.as_str(), pair.refresh_token.as_str()), ("Access", "Refresh"));
        assert_eq!(pair.expires_in, Duration::from_secs(900));
    }

    #[tokio::test]
    async fn a_wrong_password_gives_no_token() {
        let error = refused(store(), hasher(true, false), attempt("ada@example.com")).await;
        assert!(matches!(error, Error::InvalidCredentials));
    }

    #[tokio::test]
    async fn an_unknown_address_costs_the_same_work_and_gives_the_same_error() {
        let error = refused(store(), hasher(false, false), attempt("no address")).await;
        assert!(matches!(error, Error::InvalidCredentials));
    }

    #[tokio::test]
    async fn nobody_enters_an_account_that_does_not_exist_whatever_the_hasher_says() {
        let error = refused(store(), hasher(false, true), attempt("grace@example.com")).await;
        assert!(matches!(error, Error::InvalidCredentials));
    }

    #[tokio::test]
    async fn an_address_with_nul_is_not_looked_for_and_costs_the_same_work() {
        let store = FakeStore::untouched();
        let error = refused(store, hasher(false, false), attempt("ada\0@example.com")).await;
        assert!(matches!(error, Error::InvalidCredentials));
    }

    #[tokio::test]
    async fn everything_missing_is_reported_and_nothing_is_compared() {
        let mut empty = LoginAttempt::default();
        empty.errors.push(Violation::new(ViolationCode::UnknownField, "There is no such field.").at("mail"));
        let error = refused(FakeStore::untouched(), MockPasswordHasher::new(), empty).await;
        let expected = [
            fault("mail", ViolationCode::UnknownField),
            fault("email", ViolationCode::Required),
            fault("password", ViolationCode::Required),
        ];
        assert_eq!(faults::<()>(Err(error)), expected);
    }

    #[tokio::test]
    async fn what_was_wrong_when_it_was_read_is_refused_although_nothing_is_missing() {
        let mut wrong = attempt("ada@example.com");
        wrong.errors.push(Violation::new(ViolationCode::UnknownField, "There is no such field.").at("mail"));
        let error = refused(FakeStore::untouched(), MockPasswordHasher::new(), wrong).await;
        assert_eq!(faults::<()>(Err(error)), [fault("mail", ViolationCode::UnknownField)]);
    }

    #[tokio::test]
    async fn no_password_is_compared_while_the_database_is_unavailable() {
        let store = FakeStore::reading(|reads| {
            let key = eq("ada@example.com");
            reads.users.expect_find_credentials().times(1).with(key).returning(|_| Err(unavailable()));
        });
        let error = refused(store, MockPasswordHasher::new(), attempt("ada@example.com")).await;
        assert!(matches!(error, Error::Unavailable(_)));
    }

    #[tokio::test]
    async fn no_token_is_given_while_the_hasher_is_busy() {
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_verify().times(1).returning(|_, _| Err(HasherError::Busy));
        let error = refused(store(), hasher, attempt("ada@example.com")).await;
        assert!(matches!(error, Error::Busy));
    }

    #[tokio::test]
    async fn a_token_that_cannot_be_signed_is_an_internal_error() {
        let mut codec = MockTokenCodec::new();
        codec.expect_issue().times(1).returning(|_, _, _| Err(TokenError::Backend("no key".into())));
        let result = execute(store(), hasher(true, true), codec, attempt("ada@example.com")).await;
        assert!(matches!(result, Err(Error::Internal(_))));
    }
}
