//! Many changes at once.

mod operation;
mod permits;

use std::sync::Arc;

use contacts_domain::{
    address_book::Numbers,
    batch::{BatchRequest, Operation},
    contact::Contact,
    creation_quota::CreationQuota,
    ids::UserId,
    ports::{Clock, IdGenerator},
    required_fields::RequiredFields,
    user::User,
    validation::ValidationErrors,
};

use super::{
    circumstances,
    once::{Attempts, Done, Once},
    quota::charge,
    writing::lock,
};
use crate::{Error, Result, transaction::Outcome};
use operation::Writer;
use permits::Permits;

/// What became of one operation.
pub type OperationResult = Result<OperationDone>;

/// An operation that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationDone {
    /// The contact with its new id.
    Created(Contact),
    /// The contact after the changes, although nothing may have changed.
    Updated(Contact),
    /// It is in the trash.
    Deleted,
}

/// Carries out many operations in one transaction.
pub struct Batch {
    pub(super) attempts: Attempts,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) required: Arc<RequiredFields>,
    pub(super) quota: CreationQuota,
}

/// An operation as it was judged in itself.
type Judged = std::result::Result<Operation, ValidationErrors>;

impl Batch {
    /// The results of the operations in their order; each sees what the ones before it did.
    ///
    /// Of an atomic batch every result is a success: it is carried out as a whole, or refused for all that is wrong
    /// with it. In another one a refusal is the result of its operation alone, with places within the operation, and
    /// as many contacts are created as the quota allows. A failure of the database fails either as a whole.
    ///
    /// Of all operations together [`ValidationErrors::MAX`] faults are told, and of each that is refused one at least.
    pub async fn execute(
        &self,
        user: &User,
        request: BatchRequest,
        once: Option<Once<Vec<OperationResult>>>,
    ) -> Result<Done<Vec<OperationResult>>> {
        let atomic = request.atomic;
        let requests = request.validate()?;
        let circumstances = circumstances(user, self.clock.now(), &self.required);
        let mut left = ValidationErrors::MAX;
        let judged = requests.into_iter().map(|request| bounded(request.validate(circumstances), &mut left)).collect();
        if atomic {
            let operations = match all(judged) {
                Ok(operations) => operations,
                Err(error) => return self.attempts.refuse(once, error).await,
            };
            if operations.is_empty() && once.is_none() {
                return Ok(Done::Now(Vec::new()));
            }
            self.all_or_nothing(user.id, operations, once).await
        } else {
            if once.is_none() && judged.iter().all(Judged::is_err) {
                let refused = judged.into_iter().filter_map(Judged::err).map(|errors| Err(errors.into()));
                return Ok(Done::Now(refused.collect()));
            }
            self.each_for_itself(user.id, judged, once).await
        }
    }

    async fn all_or_nothing(
        &self,
        owner: UserId,
        operations: Vec<Operation>,
        once: Option<Once<Vec<OperationResult>>>,
    ) -> Result<Done<Vec<OperationResult>>> {
        let numbers = Numbers { changes: count(operations.len()), creations: creations(operations.iter()) };
        let work = self.attempts.carry_out(once, |work| {
            Box::pin(async move {
                let locked = lock(work, owner, numbers).await?;
                let now = self.clock.now();
                let writer = Writer { owner, now, ids: &*self.ids };
                let mut outcomes = Outcomes::default();
                let mut errors = ValidationErrors::new();
                for (index, (operation, stamp)) in
                    operations.into_iter().zip(locked.stamps(numbers.changes)).enumerate()
                {
                    match writer.carry_out(work, operation, &stamp).await? {
                        Ok(outcome) => outcomes.succeeded(outcome),
                        Err(refusal) => errors.push_under(&place(index), refusal.into_faults()),
                    }
                }
                // What was written for operations that were right goes back with the transaction.
                let outcome = errors.into_result(outcomes.end()).map_err(Error::BatchFailed)?;
                // Last of all: nobody is to wait for what could never succeed.
                charge(work, &locked, numbers.creations, &self.quota, now).await?;
                Ok(outcome)
            })
        });
        work.await
    }

    async fn each_for_itself(
        &self,
        owner: UserId,
        judged: Vec<Judged>,
        once: Option<Once<Vec<OperationResult>>>,
    ) -> Result<Done<Vec<OperationResult>>> {
        let numbers = Numbers { changes: count(judged.len()), creations: 0 };
        let wanted = creations(judged.iter().flatten());
        let work = self.attempts.carry_out(once, |work| {
            Box::pin(async move {
                let locked = lock(work, owner, numbers).await?;
                let now = self.clock.now();
                let mut permits = Permits::take(work, &locked, wanted, &self.quota, now).await?;
                let writer = Writer { owner, now, ids: &*self.ids };
                let mut outcomes = Outcomes::default();
                for (judged, stamp) in judged.into_iter().zip(locked.stamps(numbers.changes)) {
                    let permitted = match judged {
                        Ok(Operation::Create(details)) => permits.use_one().map(|()| Operation::Create(details)),
                        Ok(operation @ (Operation::Update { .. } | Operation::Delete(_))) => Ok(operation),
                        Err(errors) => Err(Error::Invalid(errors)),
                    };
                    match permitted {
                        Ok(operation) => match writer.carry_out(work, operation, &stamp).await? {
                            Ok(outcome) => outcomes.succeeded(outcome),
                            Err(refusal) => outcomes.failed(refusal.into()),
                        },
                        Err(error) => outcomes.failed(error),
                    }
                }
                Ok(outcomes.end())
            })
        });
        work.await
    }
}

/// What became of the operations, and whether any of them wrote something.
#[derive(Default)]
struct Outcomes {
    results: Vec<OperationResult>,
    written: bool,
}

impl Outcomes {
    fn succeeded(&mut self, outcome: Outcome<OperationDone>) {
        self.written |= matches!(outcome, Outcome::Commit(_));
        let (Outcome::Commit(done) | Outcome::Rollback(done)) = outcome;
        self.results.push(Ok(done));
    }

    fn failed(&mut self, error: Error) {
        self.results.push(Err(error));
    }

    fn end(self) -> Outcome<Vec<OperationResult>> {
        if self.written { Outcome::Commit(self.results) } else { Outcome::Rollback(self.results) }
    }
}

/// An operation with as many faults as are `left` for all of a batch together, or one: who is refused is told why.
fn bounded(judged: Judged, left: &mut usize) -> Judged {
    judged.map_err(|errors| {
        let told = errors.first((*left).max(1));
        *left = left.saturating_sub(told.len());
        told
    })
}

/// The operations where each is right in itself, or everything that is wrong with any.
fn all(judged: Vec<Judged>) -> Result<Vec<Operation>> {
    let (mut operations, mut errors) = (Vec::with_capacity(judged.len()), ValidationErrors::new());
    for (index, judged) in judged.into_iter().enumerate() {
        match judged {
            Ok(operation) => operations.push(operation),
            Err(found) => errors.push_under(&place(index), found),
        }
    }
    errors.into_result(operations).map_err(Error::BatchFailed)
}

fn place(index: usize) -> String {
    format!("operations/{index}")
}

fn creations<'a>(operations: impl Iterator<Item = &'a Operation>) -> u32 {
    count(operations.filter(|operation| matches!(operation, Operation::Create(_))).count())
}

/// A batch has far fewer operations than numbers that fit.
fn count(operations: usize) -> u32 {
    u32::try_from(operations).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
