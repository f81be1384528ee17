use actix_web::{HttpRequest, dev::Payload};
use contacts_domain::labels::Label;
use paperclip::v2::models::{DataType, DefaultOperationRaw, Either, Parameter, ParameterIn};
use percent_encoding::percent_decode_str;

use super::Input;
use crate::{
    openapi,
    problem::{Code, Problem},
};

/// The label that the path names last. It is read from the path as it was sent, for a label may hold slashes and
/// percent signs. What is no text, or text that nothing can hold, becomes an empty label, which none can be.
pub(crate) struct LabelPath(pub(crate) String);

impl Input for LabelPath {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let segment = request.uri().path().rsplit('/').next().unwrap_or_default();
        let label = percent_decode_str(segment).decode_utf8().unwrap_or_default();
        Ok(Self(if label.contains('\0') { String::new() } else { label.into_owned() }))
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        operation.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Path,
            name: "label".into(),
            required: true,
            data_type: Some(DataType::String),
            min_length: Some(1),
            max_length: u32::try_from(Label::MAX_LENGTH).ok(),
            description: Some("The label, in any spelling that is the same, percent-encoded.".into()),
            ..Parameter::default()
        }));
        openapi::refuse(operation, &[Code::NotFound]);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn label(encoded: &str) -> String {
        let uri = format!("/api/v1/contacts/labels/{encoded}?x=/y");
        LabelPath::read(&TestRequest::with_uri(&uri).to_http_request(), &mut Payload::None).await.unwrap().0
    }

    #[actix_web::test]
    async fn any_label_can_be_named() {
        for (encoded, expected) in [
            ("chess", "chess"),
            ("book%20club", "book club"),
            ("a+b", "a+b"),
            ("and%2For", "and/or"),
            ("100%25", "100%"),
            ("%2541", "%41"),
            ("%C5%81%C3%B3d%C5%BA", "Łódź"),
            ("%E5%8F%8B%E9%81%94", "友達"),
        ] {
            assert_eq!(label(encoded).await, expected);
        }
    }

    #[actix_web::test]
    async fn what_no_contact_can_have_names_nothing() {
        for encoded in ["%ff", "%00", "a%00b"] {
            assert_eq!(label(encoded).await, "", "{encoded}");
        }
    }
}
