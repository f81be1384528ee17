//! Making an account.

use std::sync::Arc;

use contacts_domain::{
    address_book::AddressBook,
    audit::AuditKind,
    birthday_window::LeapDayRule,
    caller::Caller,
    ids::{AddressBookId, MailId, UserId},
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, PasswordHasher, UnitOfWorkFactory},
    user::{Registration, User, ValidRegistration},
};

use crate::{
    Result,
    audit::Auditor,
    transaction::{Outcome, in_transaction},
};

/// Makes an account and its address book, and has its address verified.
pub struct Register {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) password_hasher: Arc<dyn PasswordHasher>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) auditor: Auditor,
}

impl Register {
    /// The new user. Of many who register one address at once, one succeeds, and one mail is sent.
    pub async fn execute(&self, registration: Registration, caller: Caller) -> Result<User> {
        self.register(registration, Some(&caller)).await
    }

    /// The same, where nobody calls but an operator.
    pub async fn by_operator(&self, registration: Registration) -> Result<User> {
        self.register(registration, None).await
    }

    async fn register(&self, registration: Registration, caller: Option<&Caller>) -> Result<User> {
        let ValidRegistration { email, password, name, language, time_zone, phone_region } = registration.validate()?;
        let password_hash = self.password_hasher.hash(&password).await?;
        let now = self.clock.now();
        let user = User {
            id: UserId::new(self.ids.next()),
            email,
            email_verified: false,
            name,
            language,
            time_zone,
            leap_day_rule: LeapDayRule::default(),
            phone_region,
            avatar: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let address_book = AddressBook { id: AddressBookId::new(self.ids.next()), owner: user.id };
        let mail = MailOrder {
            id: MailId::new(self.ids.next()),
            subject: MailSubject::VerifyEmail { address: user.email.clone() },
            created_at: now,
        };
        let event = self.auditor.event(AuditKind::Registered, Some(user.id), None, caller);
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.users().insert(&user, &password_hash).await?;
                work.address_books().insert(&address_book).await?;
                work.outbox().order(&mail).await?;
                work.audit().record(&event).await?;
                Ok(Outcome::Commit(user))
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        email_address::EmailAddress,
        ports::{HasherError, MockPasswordHasher, RepositoryError, UniqueKey},
        time_zone::TimeZone,
        validation::ViolationCode,
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        Dependencies, Error,
        accounts::Accounts,
        testing::{Ended, FakeStore, a_caller, broken, dependencies, fault, faults, hashing, now},
    };

    fn registration() -> Registration {
        Registration {
            email: Some("ada@example.com".into()),
            password: Some("analytical engine".into()),
            time_zone: Some("Europe/London".into()),
            ..Registration::default()
        }
    }

    /// The user under the first id there is.
    fn user_id() -> UserId {
        UserId::new(Uuid::from_u128(1))
    }

    fn verification() -> MailSubject {
        MailSubject::VerifyEmail { address: EmailAddress::parse("ada@example.com").unwrap() }
    }

    async fn execute(store: &Arc<FakeStore>, hasher: MockPasswordHasher, registration: Registration) -> Result<User> {
        let dependencies = Dependencies { password_hasher: Arc::new(hasher), ..dependencies(store) };
        Accounts::new(&dependencies).register.execute(registration, a_caller()).await
    }

    async fn register(store: &Arc<FakeStore>) -> Result<User> {
        execute(store, hashing("analytical engine", "$hash"), registration()).await
    }

    #[tokio::test]
    async fn a_user_their_address_book_one_mail_and_an_entry_are_written_together() {
        let book = AddressBookId::new(Uuid::from_u128(2));
        let store = FakeStore::writing(|work| {
            work.users
                .expect_insert()
                .times(1)
                .withf(|written, hash| written.id == user_id() && hash.expose() == "$hash")
                .returning(|_, _| Ok(()));
            work.address_books
                .expect_insert()
                .times(1)
                .withf(move |written| *written == AddressBook { id: book, owner: user_id() })
                .returning(|_| Ok(()));
            work.expect_mail(verification());
            work.expect_audit(AuditKind::Registered, Some(user_id()), None);
        });
        let ada = register(&store).await.unwrap();
        assert_eq!(store.ended(), Ended::Committed);
        assert_eq!(ada.id, user_id());
        assert_eq!(ada.email.as_str(), "ada@example.com");
        assert_eq!(ada.time_zone, TimeZone::parse("Europe/London").unwrap());
        assert_eq!((ada.leap_day_rule, ada.avatar), (LeapDayRule::Feb28, None));
        assert_eq!((ada.email_verified, ada.version, ada.created_at, ada.updated_at), (false, 1, now(), now()));
    }

    #[tokio::test]
    async fn nothing_is_hashed_or_written_when_the_registration_is_not_valid() {
        let invalid = Registration { email: Some("ada".into()), password: Some("short".into()), ..registration() };
        let result = execute(&FakeStore::untouched(), MockPasswordHasher::new(), invalid).await;
        let expected = [fault("email", ViolationCode::InvalidEmail), fault("password", ViolationCode::TooShort)];
        assert_eq!(faults(result), expected);
    }

    #[tokio::test]
    async fn no_transaction_begins_while_the_hasher_is_busy() {
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_hash().times(1).returning(|_| Err(HasherError::Busy));
        let result = execute(&FakeStore::untouched(), hasher, registration()).await;
        assert!(matches!(result, Err(Error::Busy)));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_password_cannot_be_hashed() {
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_hash().times(1).returning(|_| Err(HasherError::Backend("no memory".into())));
        let result = execute(&FakeStore::untouched(), hasher, registration()).await;
        assert!(matches!(result, Err(Error::Internal(_))));
    }

    #[tokio::test]
    async fn no_mail_is_ordered_and_nothing_written_when_the_address_is_taken() {
        let store = FakeStore::writing(|work| {
            let taken = || RepositoryError::Conflict(UniqueKey::UserEmail);
            work.users.expect_insert().times(1).returning(move |_, _| Err(taken()));
        });
        assert!(matches!(register(&store).await, Err(Error::EmailTaken)));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_user_is_left_without_an_address_book_when_it_cannot_be_written() {
        let store = FakeStore::writing(|work| {
            work.users.expect_insert().times(1).returning(|_, _| Ok(()));
            work.address_books.expect_insert().times(1).returning(|_| Err(broken()));
        });
        assert!(matches!(register(&store).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_account_is_made_when_its_mail_cannot_be_ordered() {
        let store = FakeStore::writing(|work| {
            work.users.expect_insert().times(1).returning(|_, _| Ok(()));
            work.address_books.expect_insert().times(1).returning(|_| Ok(()));
            work.outbox.expect_order().times(1).returning(|_| Err(broken()));
        });
        assert!(matches!(register(&store).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }

    #[tokio::test]
    async fn no_account_is_announced_when_the_commit_fails() {
        let store = FakeStore::writing(|work| {
            work.users.expect_insert().times(1).returning(|_, _| Ok(()));
            work.address_books.expect_insert().times(1).returning(|_| Ok(()));
            work.expect_mail(verification());
            work.expect_audit(AuditKind::Registered, Some(user_id()), None);
            work.commit_fails = true;
        });
        assert!(matches!(register(&store).await, Err(Error::Unavailable(_))));
    }

    #[tokio::test]
    async fn the_database_may_be_unavailable() {
        assert!(matches!(register(&FakeStore::unreachable()).await, Err(Error::Unavailable(_))));
    }
}
