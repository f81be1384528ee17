//! Asking for a link by mail: to verify an address, or to choose another password.

use std::sync::Arc;

use contacts_domain::{
    email_address::EmailAddress,
    ids::MailId,
    mail::{MailOrder, MailSubject},
    ports::{Clock, IdGenerator, UnitOfWorkFactory},
};

use super::requests::AddressRequest;
use crate::{
    Result,
    transaction::{Outcome, in_transaction},
};

/// Orders a mail with a link, for whoever has an account of this address. Whether anybody has is looked up
/// when it is sent: here every address costs the same work and gives the same answer.
pub struct OrderLink {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) subject: fn(EmailAddress) -> MailSubject,
}

impl OrderLink {
    /// Succeeds for every address, whoever has it.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::Error::Invalid) where it is no address.
    pub async fn execute(&self, request: AddressRequest) -> Result<()> {
        let address = request.validate()?;
        let order = MailOrder {
            id: MailId::new(self.ids.next()),
            subject: (self.subject)(address),
            created_at: self.clock.now(),
        };
        in_transaction(&*self.store, |work| {
            Box::pin(async move {
                work.outbox().order(&order).await?;
                Ok(Outcome::Commit(()))
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::validation::{ValidationErrors, ViolationCode};

    use super::*;
    use crate::{
        Error,
        accounts::Accounts,
        testing::{Ended, FakeStore, another_address, broken, dependencies, fault, faults, transaction, unknown_field},
    };

    fn request(email: &str) -> AddressRequest {
        AddressRequest { email: Some(email.into()), errors: ValidationErrors::new() }
    }

    async fn forgot_password(store: &Arc<FakeStore>, request: AddressRequest) -> Result<()> {
        Accounts::new(&dependencies(store)).forgot_password.execute(request).await
    }

    #[tokio::test]
    async fn any_address_costs_exactly_one_row_and_nobody_is_looked_up() {
        let address = another_address();
        let reset = MailSubject::ResetPassword { address: address.clone() };
        let store = FakeStore::writing(|work| work.expect_mail(reset));
        assert!(forgot_password(&store, request(address.as_str())).await.is_ok());
        assert_eq!(store.ended(), Ended::Committed);

        let verify = MailSubject::VerifyEmail { address: address.clone() };
        let store = FakeStore::writing(|work| work.expect_mail(verify));
        let accounts = Accounts::new(&dependencies(&store));
        assert!(accounts.request_verification.execute(request(address.as_str())).await.is_ok());
        assert_eq!(store.ended(), Ended::Committed);
    }

    #[tokio::test]
    async fn no_mail_is_ordered_for_what_is_no_address() {
        let store = FakeStore::untouched();
        let wrong = AddressRequest { errors: unknown_field(), ..request("ada") };
        let expected = [fault("unknown", ViolationCode::UnknownField), fault("email", ViolationCode::InvalidEmail)];
        assert_eq!(faults(forgot_password(&store, wrong).await), expected);
        let missing = forgot_password(&store, AddressRequest::default()).await;
        assert_eq!(faults(missing), [fault("email", ViolationCode::Required)]);
        let wrong = AddressRequest { errors: unknown_field(), ..request("ada@example.com") };
        assert_eq!(faults(forgot_password(&store, wrong).await), [fault("unknown", ViolationCode::UnknownField)]);
    }

    #[tokio::test]
    async fn no_mail_is_promised_that_was_not_ordered() {
        let mut lost = transaction(|work| {
            work.outbox.expect_order().times(1).returning(|_| Ok(()));
        });
        lost.commit_fails = true;
        let result = forgot_password(&FakeStore::writing_in_turn([lost]), request("ada@example.com")).await;
        assert!(matches!(result, Err(Error::Unavailable(_))));

        let store = FakeStore::writing(|work| {
            work.outbox.expect_order().times(1).returning(|_| Err(broken()));
        });
        assert!(matches!(forgot_password(&store, request("ada@example.com")).await, Err(Error::Internal(_))));
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}
