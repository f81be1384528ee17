use actix_web::{HttpRequest, dev::Payload};
use contacts_domain::ids::{ContactId, SessionId};
use paperclip::v2::models::{DataType, DataTypeFormat, DefaultOperationRaw, Either, Parameter, ParameterIn};

use uuid::Uuid;

use super::Input;
use crate::{
    openapi,
    problem::{Code, Problem},
};

/// An id that the path holds as `{id}`. A malformed one names nothing; it stands for the nil UUID, which
/// nothing has, so that it is answered as any other id that leads nowhere, and no sooner.
macro_rules! path_id {
    ($(#[$doc:meta])* $name:ident($id:ident), $description:literal) => {
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) $id);

        impl Input for $name {
            async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
                let id = request.match_info().get("id").and_then($id::parse);
                Ok(Self(id.unwrap_or($id::new(Uuid::nil()))))
            }

            fn describe(operation: &mut DefaultOperationRaw) {
                describe(operation, $description);
            }
        }
    };
}

path_id!(
    /// The contact that the path names.
    ContactPath(ContactId),
    "The id of the contact."
);
path_id!(
    /// The session that the path names.
    SessionPath(SessionId),
    "The id of the session."
);

fn describe(operation: &mut DefaultOperationRaw, description: &str) {
    operation.parameters.push(Either::Right(Parameter {
        in_: ParameterIn::Path,
        name: "id".into(),
        required: true,
        data_type: Some(DataType::String),
        format: Some(DataTypeFormat::Uuid),
        description: Some(description.into()),
        ..Parameter::default()
    }));
    openapi::refuse(operation, &[Code::NotFound]);
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn named(id: &'static str) -> String {
        let request = TestRequest::default().param("id", id).to_http_request();
        SessionPath::read(&request, &mut Payload::None).await.unwrap().0.to_string()
    }

    #[actix_web::test]
    async fn a_malformed_id_names_nothing() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(named(id).await, id);
        for malformed in ["", "1", "01890a5dac96774bbcceb302099a8057"] {
            assert_eq!(named(malformed).await, Uuid::nil().to_string(), "{malformed}");
        }
    }
}
