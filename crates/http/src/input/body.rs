use std::{collections::BTreeMap, marker::PhantomData, time::Duration};

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header,
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;
use paperclip::v2::{
    models::{DefaultOperationRaw, DefaultSchemaRaw, Either, MediaRange, Parameter, ParameterIn},
    schema::Apiv2Schema,
};

use super::{Input, QueryFields};
use crate::{
    json::{self, Fields, FromFields, Tree},
    media_types::{FORM, JSON, MERGE_PATCH},
    openapi,
    problem::{Code, Problem},
};

/// How long a body may take to arrive.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Which types a body may be of, and how each is read.
pub(crate) trait Format {
    const MEDIA_TYPES: &'static [&'static str];
    /// The largest body, in bytes.
    const MAX_LENGTH: usize = 256 * 1024;

    fn parse(media_type: &str, bytes: &[u8]) -> Result<Tree, Problem>;
}

/// JSON.
pub(crate) struct Json;
/// A change of some fields: JSON, or JSON Merge Patch by name (RFC 7396).
pub(crate) struct MergePatch;
/// JSON, or the form of OAuth2's password flow (RFC 6749 section 4.3.2).
pub(crate) struct OAuth;
/// A form that a page sends.
pub(crate) struct Form;

/// A body of type `T` that came in the format `F`. Faults in its fields do not refuse it here: they
/// are noted in it, to be reported with all others. So are query parameters, of which no operation
/// with a body has any.
pub(crate) struct Body<T, F> {
    pub(crate) value: T,
    /// As which of the format's types it came.
    pub(crate) media_type: &'static str,
    format: PhantomData<F>,
}

pub(crate) type JsonBody<T> = Body<T, Json>;
pub(crate) type MergePatchBody<T> = Body<T, MergePatch>;
pub(crate) type OAuthBody<T> = Body<T, OAuth>;
pub(crate) type FormBody<T> = Body<T, Form>;

impl<T: FromFields, F: Format> Input for Body<T, F> {
    async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        let bytes = collect(request, payload, F::MAX_LENGTH).await?;
        let media_type = media_type::<F>(request).ok_or_else(|| Problem::new(Code::UnsupportedMediaType))?;
        let mut value: T = Fields::read(F::parse(media_type, &bytes)?);
        for error in QueryFields::parse(request.query_string(), &[]).errors.iter() {
            value.errors().push(error.clone());
        }
        Ok(Self { value, media_type, format: PhantomData })
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        let mut schema = T::Schema::schema_with_ref();
        schema.retain_ref();
        operation.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Body,
            name: "body".into(),
            required: true,
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

/// How many bytes the request says that it sends.
pub(super) fn announced_length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(request: &HttpRequest, payload: &mut Payload, max_length: usize) -> Result<Bytes, Problem> {
    let announced = announced_length(request);
    if announced.is_some_and(|length| length > max_length) {
        return Err(Problem::new(Code::PayloadTooLarge));
    }
    let reading = async {
        let mut body = BytesMut::with_capacity(announced.unwrap_or_default());
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::new(Code::MalformedJson).with_detail("The body ends too early."))?;
            if body.len() + chunk.len() > max_length {
                return Err(Problem::new(Code::PayloadTooLarge));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
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

fn parse_json(bytes: &[u8]) -> Result<Tree, Problem> {
    json::parse(bytes).map_err(|message| Problem::new(Code::MalformedJson).with_detail(message))
}

/// The fields of a form; `rename` says what each is called here, `None` where it says nothing.
fn parse_form(bytes: &[u8], rename: impl Fn(String) -> Option<String>) -> Result<Tree, Problem> {
    let broken = || Problem::new(Code::MalformedJson).with_detail("The form is not UTF-8, or repeats a field.");
    let mut members = BTreeMap::new();
    for (name, value) in super::query::pairs(bytes) {
        let (name, value) = (name.map_err(|_| broken())?, value.map_err(|_| broken())?);
        let Some(name) = rename(name) else { continue };
        if members.insert(name, Tree::Text(value)).is_some() {
            return Err(broken());
        }
    }
    Ok(Tree::Object(members))
}

impl Format for Json {
    const MEDIA_TYPES: &'static [&'static str] = &[JSON];

    fn parse(_: &str, bytes: &[u8]) -> Result<Tree, Problem> {
        parse_json(bytes)
    }
}

impl Format for MergePatch {
    const MEDIA_TYPES: &'static [&'static str] = &[MERGE_PATCH, JSON];

    fn parse(_: &str, bytes: &[u8]) -> Result<Tree, Problem> {
        parse_json(bytes)
    }
}

impl Format for OAuth {
    const MEDIA_TYPES: &'static [&'static str] = &[JSON, FORM];

    /// The form's `username` is what JSON calls `email`; what else OAuth2 sends says nothing here.
    fn parse(media_type: &str, bytes: &[u8]) -> Result<Tree, Problem> {
        if media_type != FORM {
            return parse_json(bytes);
        }
        parse_form(bytes, |name| match name.as_str() {
            "username" => Some("email".to_owned()),
            "grant_type" | "scope" | "client_id" | "client_secret" => None,
            _ => Some(name),
        })
    }
}

impl Format for Form {
    const MEDIA_TYPES: &'static [&'static str] = &[FORM];
    /// A token and a password fit many times.
    const MAX_LENGTH: usize = 16 * 1024;

    fn parse(_: &str, bytes: &[u8]) -> Result<Tree, Problem> {
        parse_form(bytes, Some)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

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

    #[test]
    fn the_form_of_oauth_is_read_as_the_same_fields() {
        let form = b"grant_type=password&username=ada%40example.com&password=a+b%2B&scope=";
        let members = [("email", "ada@example.com"), ("password", "a b+")];
        let expected = members.map(|(name, value)| (name.to_owned(), Tree::Text(value.to_owned())));
        assert_eq!(OAuth::parse(FORM, form).unwrap(), Tree::Object(BTreeMap::from(expected)));
        assert!(OAuth::parse(FORM, b"username=a&username=b").is_err());
        assert!(OAuth::parse(FORM, b"username=%ff").is_err());
    }
    #[actix_web::test]
    async fn the_form_of_a_page_is_small() {
        async fn read(length: usize) -> Result<Bytes, Problem> {
            let (request, mut payload) = TestRequest::default().set_payload(vec![b'x'; length]).to_http_parts();
            collect(&request, &mut payload, Form::MAX_LENGTH).await
        }
        assert_eq!(read(16 * 1024).await.unwrap().len(), 16 * 1024);
        assert_eq!(read(16 * 1024 + 1).await.unwrap_err().code(), Code::PayloadTooLarge);
    }
}
