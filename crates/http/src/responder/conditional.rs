use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use contacts_domain::precondition::EntityTag;
use paperclip::{
    actix::OperationModifier,
    v2::{
        models::{DefaultOperationRaw, DefaultResponseRaw, DefaultSchemaRaw, Either},
        schema::Apiv2Schema,
    },
};
use serde::Serialize;

use super::{Answer, Current, headers, kind::ETAG};

/// What was asked for, or 304: the client has it already (RFC 9110 section 15.4.5).
pub(crate) enum MaybeModified<T> {
    Current(Answer<T, Current>),
    NotModified(EntityTag),
}

impl<T: Serialize> Responder for MaybeModified<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self {
            Self::Current(answer) => answer.respond_to(request),
            Self::NotModified(tag) => {
                HttpResponse::NotModified().insert_header((header::ETAG, tag.to_string())).finish()
            }
        }
    }
}

impl<T> Apiv2Schema for MaybeModified<T> {}

impl<T: Apiv2Schema> OperationModifier for MaybeModified<T> {
    fn update_response(operation: &mut DefaultOperationRaw) {
        Answer::<T, Current>::update_response(operation);
        let response = DefaultResponseRaw {
            description: Some("The client has it already: `If-None-Match` names its `ETag`.".to_owned()),
            headers: headers(&[ETAG]),
            ..DefaultResponseRaw::default()
        };
        operation.responses.insert("304".to_owned(), Either::Right(response));
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        Answer::<T, Current>::update_definitions(schemas);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{body, test::TestRequest};

    use super::*;

    #[actix_web::test]
    async fn what_a_client_has_already_is_named_and_not_sent() {
        let tag = EntityTag::of(&crate::tests::a_contact());
        let request = TestRequest::default().to_http_request();
        let response = MaybeModified::<u8>::NotModified(tag.clone()).respond_to(&request);
        assert_eq!(response.status(), 304);
        assert_eq!(response.headers().get(header::ETAG).unwrap().to_str().unwrap(), tag.to_string());
        assert!(body::to_bytes(response.into_body()).await.unwrap().is_empty());
    }
}
