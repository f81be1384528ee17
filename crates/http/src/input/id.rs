use actix_web::{HttpRequest, dev::Payload};
use contacts_domain::ids::ContactId;
use paperclip::v2::models::{DataType, DataTypeFormat, DefaultOperationRaw, Either, Parameter, ParameterIn};

use uuid::Uuid;

use super::Input;
use crate::{
    openapi,
    problem::{Code, Problem},
};

/// The contact that the path names. A malformed id names none; it stands for the nil UUID, which no
/// contact has, so that it is answered as any other id that leads nowhere, and no sooner.
pub(crate) struct ContactPath(pub(crate) ContactId);

impl Input for ContactPath {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let id = request.match_info().get("id").and_then(ContactId::parse);
        Ok(Self(id.unwrap_or(ContactId::new(Uuid::nil()))))
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        operation.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Path,
            name: "id".into(),
            required: true,
            data_type: Some(DataType::String),
            format: Some(DataTypeFormat::Uuid),
            description: Some("The id of the contact.".into()),
            ..Parameter::default()
        }));
        openapi::refuse(operation, &[Code::NotFound]);
    }
}
