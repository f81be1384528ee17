//! Many changes at once.

use std::sync::Arc;

use contacts_domain::{
    batch::BatchRequest,
    contact::Contact,
    creation_quota::CreationQuota,
    ports::{Clock, IdGenerator},
    required_fields::RequiredFields,
    user::User,
};

use super::once::{Attempts, Done, Once};
use crate::{Error, Result};

/// What became of one operation.
pub type OperationResult = std::result::Result<OperationDone, Error>;

/// An operation that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationDone {
    Created(Contact),
    /// The contact after the changes, although nothing may have changed.
    Updated(Contact),
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

impl Batch {
    pub async fn execute(
        &self,
        _user: &User,
        request: BatchRequest,
        _once: Option<Once<Vec<OperationResult>>>,
    ) -> Result<Done<Vec<OperationResult>>> {
        request.validate()?;
        Ok(Done::Now(Vec::new()))
    }
}
