use std::{collections::BTreeMap, marker::PhantomData};

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName},
    web::Bytes,
};
use contacts_application::contacts::Once;
use contacts_domain::{
    idempotency::{Fingerprint, IdempotencyKey, IdempotentRequest},
    ids::UserId,
    validation::{ValidationErrors, Violation, ViolationCode},
};
use paperclip::v2::models::{DefaultOperationRaw, DefaultSchemaRaw};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    Format, Input, Json,
    body::{Body, apart},
    headers::header_parameter,
};
use crate::{
    json::FromFields,
    openapi,
    places::Place,
    problem::{Code, Problem},
    responder::{Answer, Kind},
};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// The header as clients know it, and where its faults are.
const NAME: &str = "Idempotency-Key";

/// The body of a request that happens once where it comes with an `Idempotency-Key`. Faults of the key are noted
/// in the body, to be reported with all others.
pub(crate) struct Keyed<T, F = Json> {
    pub(crate) value: T,
    pub(crate) key: RequestKey,
    /// Where the body is long, to be kept until it was carried out.
    pub(crate) place: Option<Place>,
    format: PhantomData<F>,
}

/// What makes a request one that happens once; nothing where it came without a key.
pub(crate) struct RequestKey(Option<Named>);

struct Named {
    operation: String,
    key: IdempotencyKey,
    fingerprint: Fingerprint,
}

impl RequestKey {
    /// How the request is carried out for this user. `answer` says what is answered, now and again.
    pub(crate) fn once<D, B, K>(
        self,
        user: UserId,
        answer: impl Fn(&D) -> Answer<B, K> + Send + Sync + 'static,
    ) -> Option<Once<D>>
    where
        B: Serialize,
        K: Kind,
    {
        let Named { operation, key, fingerprint } = self.0?;
        let request = IdempotentRequest { user, operation, key, fingerprint };
        Some(Once { request, render: Box::new(move |done| answer(done).keep()) })
    }
}

impl<T: FromFields, F: Format> Input for Keyed<T, F> {
    async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        let (Body { mut value, place, .. }, bytes) = Body::<T, F>::receive(request, payload).await?;
        let key = match key(request, value.errors()) {
            None => None,
            Some(key) => {
                let operation = format!("{} {}", request.method(), request.uri().path());
                Some(Named { operation, key, fingerprint: fingerprint(request, &bytes).await? })
            }
        };
        Ok(Self { value, key: RequestKey(key), place, format: PhantomData })
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        Body::<T, F>::describe(operation);
        let description = "Names this request: sent again with the same key within 24 hours, it does not happen \
            again, and is answered as the first time. Refusals are not kept. Of answers longer than 64 KiB, as to \
            batches, the newest 128 MiB of a user are.";
        operation.parameters.push(header_parameter(NAME, description));
        openapi::refuse(operation, &[Code::IdempotencyKeyReused, Code::RequestInFlight]);
    }

    fn define(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        Body::<T, F>::define(schemas);
    }
}

fn key(request: &HttpRequest, errors: &mut ValidationErrors) -> Option<IdempotencyKey> {
    let mut lines = request.headers().get_all(HEADER);
    let first = lines.next()?;
    if lines.next().is_some() {
        errors.push(Violation::new(ViolationCode::TooMany, "A request has one key.").at(NAME));
        return None;
    }
    // What is no text becomes what no key holds.
    errors.check(NAME, IdempotencyKey::parse(&String::from_utf8_lossy(first.as_bytes())))
}

/// What the request is, but for its path, which is told apart already. Each part is preceded by its length, so
/// that nothing can move from one to the next.
async fn fingerprint(request: &HttpRequest, bytes: &Bytes) -> Result<Fingerprint, Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().trim().to_ascii_lowercase();
    let query = request.query_string().to_owned();
    let hashed = apart(bytes, move |body| {
        let mut hash = Sha256::new();
        for part in [query.as_bytes(), content_type.as_bytes(), body] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    });
    hashed.await.map(Fingerprint)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use contacts_domain::{contact::Contact, contact_draft::ContactDraft};

    use super::*;
    use crate::input::format::OptionalJson;

    const BODY: &str = "{\"first_name\": \"Ada\"}";

    fn post(uri: &str, content_type: &str, keys: &[&str]) -> TestRequest {
        let request = TestRequest::post().uri(uri).insert_header(("content-type", content_type));
        keys.iter().fold(request, |request, key| request.append_header(("idempotency-key", *key)))
    }

    async fn read<F: Format>(request: TestRequest, body: &'static str) -> Keyed<ContactDraft, F> {
        let (request, mut payload) = request.set_payload(body).to_http_parts();
        Keyed::read(&request, &mut payload).await.unwrap()
    }

    async fn requested(uri: &str, content_type: &str, body: &'static str) -> IdempotentRequest {
        let keyed: Keyed<_, Json> = read(post(uri, content_type, &["k"]), body).await;
        let user = UserId::new(uuid::Uuid::from_u128(1));
        let once = keyed.key.once(user, |_: &Contact| Answer::<(), crate::responder::Found>::found(()));
        once.unwrap().request
    }

    async fn faults(keys: &[&str]) -> Vec<(String, ViolationCode)> {
        let keyed: Keyed<ContactDraft> = read(post("/contacts", "application/json", keys), "{\"x\": 1}").await;
        keyed.value.errors.iter().map(|error| (error.field().to_owned(), error.code)).collect()
    }

    #[actix_web::test]
    async fn a_request_without_a_key_is_like_any_other() {
        let keyed: Keyed<_, Json> = read(post("/contacts", "application/json", &[]), BODY).await;
        assert!(keyed.key.0.is_none() && keyed.value.first_name.as_deref() == Some("Ada"));
    }

    #[actix_web::test]
    async fn the_same_request_has_the_same_fingerprint_and_any_other_another() {
        let first = requested("/contacts", "application/json", BODY).await;
        assert_eq!((first.operation.as_str(), first.key.as_str()), ("POST /contacts", "k"));
        let again = requested("/contacts", " Application/JSON ", BODY).await;
        assert_eq!(again, first);
        for other in [
            requested("/contacts?x=1", "application/json", BODY).await,
            requested("/contacts", "application/json; charset=utf-8", BODY).await,
            requested("/contacts", "application/json", "{\"first_name\":\"Ada\"}").await,
        ] {
            assert_ne!(other.fingerprint, first.fingerprint);
        }
        let elsewhere = requested("/contacts/batch", "application/json", BODY).await;
        assert_eq!((elsewhere.operation.as_str(), elsewhere.fingerprint), ("POST /contacts/batch", first.fingerprint));
    }

    #[actix_web::test]
    async fn a_key_that_is_none_is_a_fault_beside_all_others() {
        let unknown = || ("x".to_owned(), ViolationCode::UnknownField);
        assert_eq!(faults(&["k"]).await, [unknown()]);
        for (keys, code) in [
            (&[""][..], ViolationCode::InvalidIdempotencyKey),
            (&["ł"], ViolationCode::InvalidIdempotencyKey),
            (&[&"x".repeat(256)], ViolationCode::InvalidIdempotencyKey),
            (&["a", "a"], ViolationCode::TooMany),
        ] {
            assert_eq!(faults(keys).await, [unknown(), ("Idempotency-Key".to_owned(), code)], "{keys:?}");
        }
    }

    #[actix_web::test]
    async fn a_body_that_may_be_absent_is_read_where_it_is_there() {
        let absent: Keyed<_, OptionalJson> = read(TestRequest::post(), "").await;
        assert!(absent.value.errors.is_empty());
        let present: Keyed<_, OptionalJson> = read(post("/", "application/json", &[]), "{\"x\": 1}").await;
        assert!(present.value.errors.mentions("x"));
        let (request, mut payload) = TestRequest::post().set_payload("{}").to_http_parts();
        let untyped = Keyed::<ContactDraft, OptionalJson>::read(&request, &mut payload).await;
        assert_eq!(untyped.err().map(|problem| problem.code()), Some(Code::UnsupportedMediaType));
    }
}
