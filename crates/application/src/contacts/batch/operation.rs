//! One operation of a batch.

use contacts_domain::{
    Timestamp,
    address_book::ChangeStamp,
    batch::{Operation, Target},
    contact::{Contact, ContactDetails},
    contact_patch::ValidContactPatch,
    ids::{ContactId, UserId},
    ports::{IdGenerator, RepositoryResult, UnitOfWork},
    precondition::Preconditions,
    validation::{ValidationErrors, Violation, ViolationCode},
};

use super::{super::writing::rewrite, OperationDone};
use crate::{Error, transaction::Outcome};

/// Why an operation that is right in itself was not carried out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NotFound,
    PreconditionFailed,
    /// What is wrong with the contact as the patch would leave it.
    Invalid(ValidationErrors),
}

impl Refusal {
    /// As faults of the operation, with their places in it.
    pub(super) fn into_faults(self) -> ValidationErrors {
        let mut faults = ValidationErrors::new();
        match self {
            Self::NotFound => {
                faults.push(Violation::new(ViolationCode::NotFound, "There is no contact with this id.").at("id"));
            }
            Self::PreconditionFailed => {
                let message = "The contact was changed since it was read.";
                faults.push(Violation::new(ViolationCode::PreconditionFailed, message).at("if_match"));
            }
            Self::Invalid(errors) => faults.push_under("patch", errors),
        }
        faults
    }
}

/// As the result of an operation that stands for itself.
impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::NotFound,
            Refusal::PreconditionFailed => Self::PreconditionFailed,
            Refusal::Invalid(_) => Self::Invalid(refusal.into_faults()),
        }
    }
}

/// What is done, and whether something was written for it.
type Written = std::result::Result<Outcome<OperationDone>, Refusal>;

/// Carries out operations under the lock of the owner's address book.
pub(super) struct Writer<'a> {
    pub(super) owner: UserId,
    /// When all of them happen.
    pub(super) now: Timestamp,
    pub(super) ids: &'a dyn IdGenerator,
}

impl Writer<'_> {
    pub(super) async fn carry_out(
        &self,
        work: &mut dyn UnitOfWork,
        operation: Operation,
        stamp: &ChangeStamp,
    ) -> RepositoryResult<Written> {
        match operation {
            Operation::Create(details) => self.create(work, details, stamp).await,
            Operation::Update { target, patch } => self.update(work, target, patch, stamp).await,
            Operation::Delete(target) => self.delete(work, target, stamp).await,
        }
    }

    async fn create(
        &self,
        work: &mut dyn UnitOfWork,
        details: ContactDetails,
        stamp: &ChangeStamp,
    ) -> RepositoryResult<Written> {
        let Self { owner, now, ids } = *self;
        let id = ContactId::new(ids.next());
        let contact = Contact { id, owner, details, seq: stamp.seq, created_at: now, updated_at: now };
        work.contacts().insert(&contact, stamp).await?;
        Ok(Ok(Outcome::Commit(OperationDone::Created(contact))))
    }

    async fn update(
        &self,
        work: &mut dyn UnitOfWork,
        target: Target,
        patch: ValidContactPatch,
        stamp: &ChangeStamp,
    ) -> RepositoryResult<Written> {
        let current = match self.find(work, target).await? {
            Ok(current) => current,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let details = match patch.apply(current.details.clone()) {
            Ok(details) => details,
            Err(errors) => return Ok(Err(Refusal::Invalid(errors))),
        };
        Ok(match rewrite(work, current, details, self.now, stamp).await? {
            Some(Outcome::Commit(contact)) => Ok(Outcome::Commit(OperationDone::Updated(contact))),
            Some(Outcome::Rollback(contact)) => Ok(Outcome::Rollback(OperationDone::Updated(contact))),
            None => Err(Refusal::NotFound),
        })
    }

    async fn delete(
        &self,
        work: &mut dyn UnitOfWork,
        target: Target,
        stamp: &ChangeStamp,
    ) -> RepositoryResult<Written> {
        let id = match target {
            // The one statement finds out too whether there is anything to delete.
            Target { id: Some(id), preconditions } if preconditions == Preconditions::default() => id,
            target => match self.find(work, target).await? {
                Ok(contact) => contact.id,
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        let deleted = work.contacts().delete(id, self.now, stamp).await?;
        Ok(if deleted { Ok(Outcome::Commit(OperationDone::Deleted)) } else { Err(Refusal::NotFound) })
    }

    async fn find(
        &self,
        work: &mut dyn UnitOfWork,
        Target { id, preconditions }: Target,
    ) -> RepositoryResult<std::result::Result<Contact, Refusal>> {
        let Some(id) = id else { return Ok(Err(Refusal::NotFound)) };
        let Some(contact) = work.contacts().find(self.owner, id).await? else { return Ok(Err(Refusal::NotFound)) };
        Ok(preconditions.check(&contact).map(|()| contact).map_err(|_| Refusal::PreconditionFailed))
    }
}
