//! A mail as a row.

use chrono::NaiveDateTime;
use contacts_domain::{
    email_address::EmailAddress,
    ids::{MailId, UserId},
    mail::{MailOrder, MailSubject},
    ports::{RepositoryError, RepositoryResult},
};
use diesel::prelude::*;

use crate::{id::Id, schema::outbox};

const VERIFY_EMAIL: &str = "verify_email";
const RESET_PASSWORD: &str = "reset_password";
const CONFIRM_NEW_EMAIL: &str = "confirm_new_email";
const EMAIL_CHANGE_REQUESTED: &str = "email_change_requested";
const EMAIL_CHANGED: &str = "email_changed";
const PASSWORD_CHANGED: &str = "password_changed";

/// What was ordered. The subject says which of the columns that may be empty are not.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub(super) struct OrderRow {
    id: Id,
    subject: String,
    user_id: Option<Id>,
    address: Option<String>,
    new_address: Option<String>,
    created_at: NaiveDateTime,
}

impl From<&MailOrder> for OrderRow {
    fn from(order: &MailOrder) -> Self {
        let MailOrder { id, subject, created_at } = order;
        let (subject, user, address, new_address) = match subject {
            MailSubject::VerifyEmail { address } => (VERIFY_EMAIL, None, Some(address), None),
            MailSubject::ResetPassword { address } => (RESET_PASSWORD, None, Some(address), None),
            MailSubject::ConfirmNewEmail { user, new_address } => {
                (CONFIRM_NEW_EMAIL, Some(user), None, Some(new_address))
            }
            MailSubject::EmailChangeRequested { user, address, new_address } => {
                (EMAIL_CHANGE_REQUESTED, Some(user), Some(address), Some(new_address))
            }
            MailSubject::EmailChanged { user, address, new_address } => {
                (EMAIL_CHANGED, Some(user), Some(address), Some(new_address))
            }
            MailSubject::PasswordChanged { user } => (PASSWORD_CHANGED, Some(user), None, None),
        };
        let text = |address: &EmailAddress| address.as_str().to_owned();
        Self {
            id: Id(id.uuid()),
            subject: subject.to_owned(),
            user_id: user.map(|user| Id(user.uuid())),
            address: address.map(text),
            new_address: new_address.map(text),
            created_at: created_at.naive_utc(),
        }
    }
}

impl TryFrom<OrderRow> for MailOrder {
    type Error = RepositoryError;

    fn try_from(row: OrderRow) -> RepositoryResult<Self> {
        let OrderRow { id, subject, user_id, address, new_address, created_at } = row;
        let user = user_id.map(|user| UserId::new(user.0));
        let address = address.map(EmailAddress::from_stored);
        let new_address = new_address.map(EmailAddress::from_stored);
        let subject = match (subject.as_str(), user, address, new_address) {
            (VERIFY_EMAIL, None, Some(address), None) => MailSubject::VerifyEmail { address },
            (RESET_PASSWORD, None, Some(address), None) => MailSubject::ResetPassword { address },
            (CONFIRM_NEW_EMAIL, Some(user), None, Some(new_address)) => {
                MailSubject::ConfirmNewEmail { user, new_address }
            }
            (EMAIL_CHANGE_REQUESTED, Some(user), Some(address), Some(new_address)) => {
                MailSubject::EmailChangeRequested { user, address, new_address }
            }
            (EMAIL_CHANGED, Some(user), Some(address), Some(new_address)) => {
                MailSubject::EmailChanged { user, address, new_address }
            }
            (PASSWORD_CHANGED, Some(user), None, None) => MailSubject::PasswordChanged { user },
            (subject, ..) => return Err(unreadable(id, &format!("what is {subject:?}, with these columns?"))),
        };
        Ok(Self { id: MailId::new(id.0), subject, created_at: created_at.and_utc() })
    }
}

impl OrderRow {
    /// How often the mail was tried, as it is stored.
    pub(super) fn attempts(&self, stored: i32) -> RepositoryResult<u32> {
        u32::try_from(stored).map_err(|_| unreadable(self.id, "fewer attempts than none"))
    }

    /// What every mail that was given up has.
    pub(super) fn buried<T>(&self, stored: Option<T>) -> RepositoryResult<T> {
        stored.ok_or_else(|| unreadable(self.id, "it was given up, and nothing says when or why"))
    }

    /// The place of mails that are due at the same moment.
    pub(super) const fn id(&self) -> Id {
        self.id
    }
}

fn unreadable(id: Id, why: &str) -> RepositoryError {
    RepositoryError::Inconsistent(format!("mail {}: {why}", id.0))
}
