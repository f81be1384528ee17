use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName},
    },
};
use contacts_application::contacts::Done;
use contacts_domain::idempotency::KeptAnswer;
use paperclip::{
    actix::OperationModifier,
    v2::{
        models::{DefaultOperationRaw, DefaultSchemaRaw, Either},
        schema::Apiv2Schema,
    },
};
use serde::Serialize;

use super::{Answer, Kind, headers};
use crate::media_types::JSON;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The answer to a request that happens once: given for the first time, or again.
pub(crate) enum AnsweredOnce<T, K> {
    Now(Answer<T, K>),
    Before(KeptAnswer),
}

impl<T, K> AnsweredOnce<T, K> {
    /// `answer` is what further attempts are answered, too.
    pub(crate) fn new<D>(done: Done<D>, answer: impl FnOnce(&D) -> Answer<T, K>) -> Self {
        match done {
            Done::Now(done) => Self::Now(answer(&done)),
            Done::Before(kept) => Self::Before(kept),
        }
    }
}

impl<T: Serialize, K: Kind> Responder for AnsweredOnce<T, K> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let KeptAnswer { status, location, entity_tag, body } = match self {
            Self::Now(answer) => return answer.respond_to(request),
            Self::Before(kept) => kept,
        };
        let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(K::STATUS));
        for (name, value) in [(header::LOCATION, location), (header::ETAG, entity_tag)] {
            if let Some(value) = value {
                response.insert_header((name, value));
            }
        }
        response.insert_header((REPLAYED, "true")).content_type(JSON).body(body)
    }
}

impl<T, K> Apiv2Schema for AnsweredOnce<T, K> {}

impl<T: Apiv2Schema, K: Kind> OperationModifier for AnsweredOnce<T, K> {
    fn update_response(operation: &mut DefaultOperationRaw) {
        Answer::<T, K>::update_response(operation);
        let described = headers(&[(
            "Idempotency-Replayed",
            "`true` where the request was carried out before and this is its answer from then.",
        )]);
        if let Some(Either::Right(response)) = operation.responses.get_mut(K::STATUS.as_str()) {
            response.headers.extend(described);
        }
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        Answer::<T, K>::update_definitions(schemas);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{body, test::TestRequest};

    use super::*;
    use crate::responder::Created;

    async fn given(answer: AnsweredOnce<u8, Created>) -> (u16, Vec<(String, String)>, Vec<u8>) {
        let response = answer.respond_to(&TestRequest::default().to_http_request());
        let status = response.status().as_u16();
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        (status, headers, body::to_bytes(response.into_body()).await.unwrap().to_vec())
    }

    #[actix_web::test]
    async fn what_was_done_before_is_answered_as_then_and_says_so_beside_it() {
        let tag = contacts_domain::precondition::EntityTag::of(&crate::tests::a_contact());
        let answer = |number: &u8| Answer::created("/there".into(), *number, &tag);
        let kept = answer(&7).keep();
        let (status, headers, body) = given(AnsweredOnce::new(Done::Now(7), answer)).await;
        let (status_again, mut headers_again, body_again) = given(AnsweredOnce::new(Done::Before(kept), answer)).await;
        headers_again.retain(|(name, value)| !(name == "idempotency-replayed" && value == "true"));
        assert_eq!((status_again, &headers_again, body_again), (status, &headers, body));
        assert_eq!((status, headers.len()), (201, 3));
    }
}
