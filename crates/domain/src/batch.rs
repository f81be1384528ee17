//! Many changes at once.

use crate::{
    contact::ContactDetails,
    contact_draft::{Circumstances, ContactDraft},
    contact_patch::{ContactPatch, ValidContactPatch},
    ids::ContactId,
    precondition::{EntityTags, Preconditions},
    validation::{ValidationErrors, Violation, ViolationCode},
};

/// The most operations of one batch.
pub const MAX_OPERATIONS: usize = 500;

/// A batch as a client sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRequest {
    /// In the order in which they are carried out.
    pub operations: Vec<OperationRequest>,
    /// Whether one failure undoes everything.
    pub atomic: bool,
    /// What was already wrong when the batch was read, apart from its operations.
    pub errors: ValidationErrors,
}

/// One operation as a client sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationRequest {
    /// `create`, `update` or `delete`.
    pub op: Option<String>,
    /// Of `create` alone, which cannot be without it.
    pub contact: Option<ContactDraft>,
    /// Of `update` and `delete` alone, which cannot be without it.
    pub id: Option<String>,
    /// Of `update` alone, which cannot be without it.
    pub patch: Option<ContactPatch>,
    /// Of `update` and `delete` alone: a list of entity tags as in the header `If-Match`.
    pub if_match: Option<String>,
    /// What was already wrong when the operation was read.
    pub errors: ValidationErrors,
}

/// An operation that is right in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A new contact; its id is given when it is stored.
    Create(ContactDetails),
    /// A change of the fields that are named, and of no others.
    Update {
        /// What is changed, and in which state it must be.
        target: Target,
        /// Right in itself. A contact that it would leave without any name still refuses it.
        patch: ValidContactPatch,
    },
    /// Into the trash.
    Delete(Target),
}

/// What an operation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `None` where the id is malformed, and so that of nothing.
    pub id: Option<ContactId>,
    /// Of an operation there is only `If-Match`.
    pub preconditions: Preconditions,
}

impl BatchRequest {
    /// The operations, or what is wrong with the batch as such. An empty batch is right, and does nothing.
    pub fn validate(self) -> Result<Vec<OperationRequest>, ValidationErrors> {
        let Self { operations, atomic: _, mut errors } = self;
        if operations.len() > MAX_OPERATIONS {
            let message = format!("At most {MAX_OPERATIONS} operations.");
            errors.push(Violation::new(ViolationCode::TooMany, message).at("operations"));
        }
        errors.into_result(operations)
    }
}

impl OperationRequest {
    /// Judges an operation without the contact that it is for.
    pub fn validate(self, circumstances: Circumstances<'_>) -> Result<Operation, ValidationErrors> {
        let Self { op, contact, id, patch, if_match, mut errors } = self;
        let mut refuse = |field: &str, sent: bool| {
            if sent {
                let message = "This operation has no such field.";
                errors.push(Violation::new(ViolationCode::UnknownField, message).at(field));
            }
        };
        let operation = match op.as_deref() {
            Some("create") => {
                refuse("id", id.is_some());
                refuse("patch", patch.is_some());
                refuse("if_match", if_match.is_some());
                below("contact", contact, &mut errors, |draft| draft.validate(circumstances)).map(Operation::Create)
            }
            Some("update") => {
                refuse("contact", contact.is_some());
                let target = target(id, if_match, &mut errors);
                let patch = below("patch", patch, &mut errors, |patch| patch.validate(circumstances));
                target.zip(patch).map(|(target, patch)| Operation::Update { target, patch })
            }
            Some("delete") => {
                refuse("contact", contact.is_some());
                refuse("patch", patch.is_some());
                target(id, if_match, &mut errors).map(Operation::Delete)
            }
            Some(_) => {
                let message = "The operations are create, update and delete.";
                errors.push(Violation::new(ViolationCode::UnknownOperation, message).at("op"));
                None
            }
            None => {
                errors.push(Violation::required().at("op"));
                None
            }
        };
        match operation {
            Some(operation) => errors.into_result(operation),
            None => Err(errors),
        }
    }
}

/// Judges what stands below a field that is required.
fn below<T, U>(
    field: &str,
    value: Option<T>,
    errors: &mut ValidationErrors,
    validate: impl FnOnce(T) -> Result<U, ValidationErrors>,
) -> Option<U> {
    let Some(value) = value else {
        errors.push(Violation::required().at(field));
        return None;
    };
    validate(value).map_err(|found| errors.push_under(field, found)).ok()
}

fn target(id: Option<String>, if_match: Option<String>, errors: &mut ValidationErrors) -> Option<Target> {
    let Some(id) = id else {
        errors.push(Violation::required().at("id"));
        return None;
    };
    let if_match = if_match.map(|tags| EntityTags::parse(&tags));
    Some(Target { id: ContactId::parse(&id), preconditions: Preconditions { if_match, if_none_match: None } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contact_patch::Change, required_fields::RequiredFields};

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn validate(request: OperationRequest) -> Result<Operation, Vec<(String, ViolationCode)>> {
        let required = RequiredFields::none();
        let circumstances =
            Circumstances { today: "2026-11-22".parse().unwrap(), phone_region: None, required: &required };
        request.validate(circumstances).map_err(|errors| {
            assert!(!errors.is_empty());
            errors.iter().map(|error| (error.field().to_owned(), error.code)).collect()
        })
    }

    fn op(op: &str) -> OperationRequest {
        OperationRequest { op: Some(op.into()), ..OperationRequest::default() }
    }

    fn ada() -> ContactDraft {
        ContactDraft { first_name: Some("Ada".into()), ..ContactDraft::default() }
    }

    fn faults(faults: &[(&str, ViolationCode)]) -> Vec<(String, ViolationCode)> {
        faults.iter().map(|(field, code)| ((*field).to_owned(), *code)).collect()
    }

    #[test]
    fn the_three_operations_are_understood() {
        let create = validate(OperationRequest { contact: Some(ada()), ..op("create") });
        assert!(matches!(create, Ok(Operation::Create(details)) if details.first_name.is_some()));
        let update = OperationRequest {
            id: Some(ID.into()),
            patch: Some(ContactPatch::default()),
            if_match: Some("*".into()),
            ..op("update")
        };
        let Ok(Operation::Update { target, .. }) = validate(update) else { panic!("it is refused") };
        assert_eq!((target.id, target.preconditions.if_match), (ContactId::parse(ID), Some(EntityTags::Any)));
        let delete = validate(OperationRequest { id: Some("x".into()), ..op("delete") });
        let nothing = Target { id: None, preconditions: Preconditions::default() };
        assert_eq!(delete, Ok(Operation::Delete(nothing)));
    }

    #[test]
    fn what_an_operation_does_not_have_is_refused_and_what_it_needs_is_required() {
        let all = |name: &str| OperationRequest {
            contact: Some(ada()),
            id: Some(ID.into()),
            patch: Some(ContactPatch::default()),
            if_match: Some("*".into()),
            ..op(name)
        };
        let unknown = ViolationCode::UnknownField;
        assert_eq!(validate(all("create")), Err(faults(&[("id", unknown), ("patch", unknown), ("if_match", unknown)])));
        assert_eq!(validate(all("update")), Err(faults(&[("contact", unknown)])));
        assert_eq!(validate(all("delete")), Err(faults(&[("contact", unknown), ("patch", unknown)])));
        let required = ViolationCode::Required;
        assert_eq!(validate(op("create")), Err(faults(&[("contact", required)])));
        assert_eq!(validate(op("update")), Err(faults(&[("id", required), ("patch", required)])));
        assert_eq!(validate(op("delete")), Err(faults(&[("id", required)])));
        assert_eq!(validate(OperationRequest::default()), Err(faults(&[("op", required)])));
        assert_eq!(validate(op("upsert")), Err(faults(&[("op", ViolationCode::UnknownOperation)])));
    }

    #[test]
    fn faults_are_told_with_their_place_in_the_operation() {
        let contact = ContactDraft { email: Some("x".into()), ..ada() };
        let create = validate(OperationRequest { contact: Some(contact), ..op("create") });
        assert_eq!(create, Err(faults(&[("contact/email", ViolationCode::InvalidEmail)])));
        let patch = ContactPatch { phone: Change::Set("abc".into()), ..ContactPatch::default() };
        let update = validate(OperationRequest { id: Some(ID.into()), patch: Some(patch), ..op("update") });
        assert_eq!(update, Err(faults(&[("patch/phone", ViolationCode::InvalidPhone)])));
    }

    #[test]
    fn a_batch_has_at_most_500_operations() {
        let batch = |count| {
            let operations = vec![OperationRequest::default(); count];
            BatchRequest { operations, atomic: true, errors: ValidationErrors::new() }.validate()
        };
        assert_eq!(batch(500).unwrap().len(), 500);
        assert!(batch(0).is_ok());
        assert_eq!(batch(501).unwrap_err().iter().next().unwrap().code, ViolationCode::TooMany);
    }
}
