use std::{collections::BTreeMap, marker::PhantomData, time::Duration};

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header,
    web::{self, Bytes, BytesMut, Data},
};
use futures_util::StreamExt;
use paperclip::v2::{
    models::{DefaultOperationRaw, DefaultSchemaRaw, Either, MediaRange, Parameter, ParameterIn},
    schema::Apiv2Schema,
};

use super::{Asker, Form, Format, Input, Json, MergePatch, OAuth, QueryFields, coding::refuse_encoded};
use crate::{
    json::{Fields, FromFields, Tree},
    openapi,
    places::Place,
    problem::{Code, Problem},
    state::State,
};

/// How long a body may take to arrive.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// From how many bytes on a body is long: it needs a place, and is worked on apart, so that other connections of the same
/// worker do not wait for it.
const LONG: usize = 256 * 1024;

/// A body of type `T` that came in the format `F`. Faults in its fields do not refuse it here: they
/// are noted in it, to be reported with all others. So are query parameters, of which no operation
/// with a body has any.
pub(crate) struct Body<T, F> {
    pub(crate) value: T,
    /// As which of the format's types it came.
    pub(crate) media_type: &'static str,
    /// Where it is long, to be kept for as long as what it holds is in memory.
    pub(super) place: Option<Place>,
    format: PhantomData<F>,
}

pub(crate) type JsonBody<T> = Body<T, Json>;
pub(crate) type MergePatchBody<T> = Body<T, MergePatch>;
pub(crate) type OAuthBody<T> = Body<T, OAuth>;
pub(crate) type FormBody<T> = Body<T, Form>;

impl<T: FromFields, F: Format> Input for Body<T, F> {
    async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        Self::receive(request, payload).await.map(|(body, _)| body)
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        let mut schema = T::Schema::schema_with_ref();
        schema.retain_ref();
        operation.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Body,
            name: "body".into(),
            required: !F::MAY_BE_ABSENT,
            schema: Some(schema),
            ..Parameter::default()
        }));
        operation.consumes = Some(F::MEDIA_TYPES.iter().filter_map(|text| text.parse().ok().map(MediaRange)).collect());
        openapi::refuse(
            operation,
            &[
                Code::PayloadTooLarge,
                Code::RequestTimeout,
                Code::UnsupportedMediaType,
                Code::MalformedJson,
                Code::ValidationFailed,
            ],
        );
    }

    fn define(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        openapi::define::<T::Schema>(schemas);
    }
}

impl<T: FromFields, F: Format> Body<T, F> {
    /// The body, and the bytes that it is made of.
    pub(super) async fn receive(request: &HttpRequest, payload: &mut Payload) -> Result<(Self, Bytes), Problem> {
        let (bytes, place) = collect(request, payload, F::MAX_LENGTH).await?;
        refuse_encoded(request)?;
        let (mut value, media_type) = if F::MAY_BE_ABSENT && bytes.is_empty() {
            let nothing = Tree::Object(BTreeMap::new());
            (Fields::read::<T>(nothing), F::MEDIA_TYPES.first().copied().unwrap_or_default())
        } else {
            let media_type = media_type::<F>(request).ok_or_else(|| Problem::new(Code::UnsupportedMediaType))?;
            (apart(&bytes, move |bytes| F::parse(media_type, bytes).map(Fields::read)).await??, media_type)
        };
        for error in QueryFields::parse(request.query_string(), &[]).errors.iter() {
            value.errors().push(error.clone());
        }
        Ok((Self { value, media_type, place, format: PhantomData }, bytes))
    }
}

/// What a long body needs. Where many are in memory, it waits for its turn, and nothing more is read of it.
async fn place(request: &HttpRequest) -> Result<Place, Problem> {
    let state = request.app_data::<Data<State>>().ok_or_else(|| Problem::internal("the state is missing"))?;
    state.batches().place(Asker::of(request)?).await
}

/// Works on the bytes of a body, in a thread of its own where there are many.
pub(super) async fn apart<R: Send + 'static>(
    bytes: &Bytes,
    work: impl FnOnce(&[u8]) -> R + Send + 'static,
) -> Result<R, Problem> {
    if bytes.len() <= LONG {
        return Ok(work(bytes));
    }
    let bytes = bytes.clone();
    web::block(move || work(&bytes)).await.map_err(Problem::internal)
}

/// How many bytes the request says that it sends.
pub(super) fn announced_length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The body, and its place once more of it came than of one that is not long: who only says that much will come has none.
async fn collect(
    request: &HttpRequest,
    payload: &mut Payload,
    max_length: usize,
) -> Result<(Bytes, Option<Place>), Problem> {
    let announced = announced_length(request).unwrap_or_default();
    if announced > max_length {
        return Err(Problem::new(Code::PayloadTooLarge));
    }
    let reading = async {
        let (mut body, mut held) = (BytesMut::with_capacity(announced.min(LONG)), None);
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::new(Code::MalformedJson).with_detail("The body ends too early."))?;
            let length = body.len() + chunk.len();
            if length > max_length {
                return Err(Problem::new(Code::PayloadTooLarge));
            }
            if length > LONG && held.is_none() {
                held = Some(place(request).await?);
                body.reserve(announced.max(length) - body.len());
            }
            body.extend_from_slice(&chunk);
        }
        Ok((body.freeze(), held))
    };
    tokio::time::timeout(BODY_TIMEOUT, reading).await.unwrap_or_else(|_| Err(Problem::new(Code::RequestTimeout)))
}

/// The one of the format's types that the request says its body is of. The only charset of JSON is
/// UTF-8 (RFC 8259 section 8.1).
fn media_type<F: Format>(request: &HttpRequest) -> Option<&'static str> {
    let content_type = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next()?;
    let charset_is_utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            let value = value.trim_matches('"');
            value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
        }
        _ => true,
    });
    F::MEDIA_TYPES.iter().copied().find(|known| charset_is_utf8 && essence.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use std::thread::{self, ThreadId};

    use actix_web::{HttpMessage as _, test::TestRequest};
    use contacts_domain::validation::ValidationErrors;

    use super::*;
    use crate::{
        input::format::BatchJson,
        media_types::{FORM, JSON},
        tests::{World, a_user},
    };

    fn accepted<F: Format>(content_type: &str) -> Option<&'static str> {
        let request = TestRequest::default().insert_header((header::CONTENT_TYPE, content_type)).to_http_request();
        media_type::<F>(&request)
    }

    #[test]
    fn json_is_json_in_utf_8() {
        for content_type in
            ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""]
        {
            assert_eq!(accepted::<Json>(content_type), Some("application/json"), "{content_type}");
        }
        for content_type in ["", "text/plain", "application/jsonp", "application/json; charset=latin1", FORM] {
            assert_eq!(accepted::<Json>(content_type), None, "{content_type}");
        }
        assert_eq!(accepted::<Json>("application/merge-patch+json"), None);
        assert_eq!(accepted::<MergePatch>("application/merge-patch+json"), Some("application/merge-patch+json"));
        assert_eq!(accepted::<OAuth>(FORM), Some(FORM));
    }

    #[actix_web::test]
    async fn the_form_of_a_page_is_small() {
        async fn read(length: usize) -> Result<Bytes, Problem> {
            let (request, mut payload) = TestRequest::default().set_payload(vec![b'x'; length]).to_http_parts();
            collect(&request, &mut payload, Form::MAX_LENGTH).await.map(|(body, _)| body)
        }
        assert_eq!(read(16 * 1024).await.unwrap().len(), 16 * 1024);
        assert_eq!(read(16 * 1024 + 1).await.unwrap_err().code(), Code::PayloadTooLarge);
    }

    /// In which thread a body was read, and what was wrong with it.
    struct Probe {
        thread: ThreadId,
        errors: ValidationErrors,
    }

    impl FromFields for Probe {
        type Schema = ();

        fn from_fields(_: &mut Fields) -> Self {
            Self { thread: thread::current().id(), errors: ValidationErrors::new() }
        }

        fn errors(&mut self) -> &mut ValidationErrors {
            &mut self.errors
        }
    }

    #[actix_web::test]
    async fn a_long_body_is_read_as_any_other_but_in_nobodys_way() {
        let state = Data::new(World::new().state());
        for (length, is_apart) in [(10, false), (LONG + 1, true)] {
            let body = format!("{{\"x\": \"{}\"}}", "x".repeat(length));
            let request = TestRequest::default().app_data(state.clone()).insert_header(("content-type", JSON));
            let (request, mut payload) = request.set_payload(body).to_http_parts();
            request.extensions_mut().insert(Asker(a_user().id));
            let body = Body::<Probe, BatchJson>::read(&request, &mut payload).await.unwrap();
            assert!(body.value.errors.mentions("x"));
            assert_eq!(body.value.thread != thread::current().id(), is_apart, "{length}");
        }
    }
}
