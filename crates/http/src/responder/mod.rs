//! What a handler answers, and how the OpenAPI document says so.

mod conditional;
mod download;
mod kind;
mod once;
mod refused;

use std::{collections::BTreeMap, marker::PhantomData};

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::header::{self, HeaderName},
};
use contacts_domain::{idempotency::KeptAnswer, precondition::EntityTag};
use paperclip::{
    actix::OperationModifier,
    v2::{
        models::{DataType, DefaultOperationRaw, DefaultResponseRaw, DefaultSchemaRaw, Either, Header},
        schema::Apiv2Schema,
    },
};
use percent_encoding::percent_decode_str;
use serde::Serialize;

pub(crate) use self::{
    conditional::MaybeModified,
    download::Download,
    kind::{Created, Current, Found, Kind, Listed, Made, Pending, Secret},
    once::AnsweredOnce,
    refused::{Refusals, Refused},
};
use crate::{media_types::JSON, openapi};

/// A body in JSON, of the kind `K`.
pub(crate) struct Answer<T, K = Found> {
    body: T,
    headers: Vec<(HeaderName, String)>,
    kind: PhantomData<K>,
}

impl<T: Serialize, K: Kind> Answer<T, K> {
    /// The answer, to be given again byte for byte.
    pub(crate) fn keep(&self) -> KeptAnswer {
        let header = |wanted| {
            self.headers.iter().find(|(name, _)| *name == wanted).map(|(_, value): &(HeaderName, String)| value.clone())
        };
        KeptAnswer {
            status: K::STATUS.as_u16(),
            location: header(header::LOCATION),
            entity_tag: header(header::ETAG),
            body: self.text(),
        }
    }

    fn text(&self) -> Vec<u8> {
        // What is answered is made of strings, numbers and truth values, which always serialize.
        serde_json::to_vec(&self.body).unwrap_or_default()
    }
}

impl<T, K: Kind> Answer<T, K> {
    fn new(body: T, headers: Vec<(HeaderName, String)>) -> Self {
        Self { body, headers, kind: PhantomData }
    }
}

impl<T> Answer<T, Found> {
    pub(crate) fn found(body: T) -> Self {
        Self::new(body, Vec::new())
    }
}

impl<T> Answer<T, Made> {
    pub(crate) fn made(location: impl Into<String>, body: T) -> Self {
        Self::new(body, vec![(header::LOCATION, location.into())])
    }
}

impl<T> Answer<T, Current> {
    pub(crate) fn current(body: T, tag: &EntityTag) -> Self {
        Self::new(body, vec![(header::ETAG, tag.to_string())])
    }
}

impl<T> Answer<T, Created> {
    pub(crate) fn created(location: String, body: T, tag: &EntityTag) -> Self {
        Self::new(body, vec![(header::LOCATION, location), (header::ETAG, tag.to_string())])
    }
}

impl<T> Answer<T, Secret> {
    pub(crate) fn secret(body: T) -> Self {
        Self::new(body, vec![(header::CACHE_CONTROL, "no-store".to_owned())])
    }
}

impl<T> Answer<T, Pending> {
    pub(crate) fn pending(body: T) -> Self {
        Self::new(body, Vec::new())
    }
}

impl<T> Answer<T, Listed> {
    /// `request` is the one for this page: the next differs from it in the cursor alone.
    pub(crate) fn listed(body: T, request: &HttpRequest, next_cursor: Option<&str>) -> Self {
        let link = next_cursor.map(|cursor| (header::LINK, format!("<{}>; rel=\"next\"", next_page(request, cursor))));
        Self::new(body, link.into_iter().collect())
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// The request's own address with another cursor. The query is taken as it came, so that nothing of
/// it is lost; a cursor has no characters to encode.
fn next_page(request: &HttpRequest, cursor: &str) -> String {
    let is_cursor = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        percent_decode_str(name).eq(*b"cursor")
    };
    let kept = request.query_string().split('&').filter(|pair| !pair.is_empty() && !is_cursor(pair));
    let query: String = kept.flat_map(|pair| [pair, "&"]).collect();
    format!("{}?{query}cursor={cursor}", request.path())
}

impl<T: Serialize, K: Kind> Responder for Answer<T, K> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let text = self.text();
        let mut response = HttpResponse::build(K::STATUS);
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        response.content_type(JSON).body(text)
    }
}

impl<T, K> Apiv2Schema for Answer<T, K> {}

impl<T: Apiv2Schema, K: Kind> OperationModifier for Answer<T, K> {
    fn update_response(operation: &mut DefaultOperationRaw) {
        let mut schema = T::schema_with_ref();
        schema.retain_ref();
        let response = DefaultResponseRaw {
            description: Some(K::DESCRIPTION.to_owned()),
            schema: Some(schema),
            headers: headers(K::HEADERS),
        };
        operation.responses.insert(K::STATUS.as_u16().to_string(), Either::Right(response));
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        openapi::define::<T>(schemas);
    }
}

/// How the document describes headers: their names, and what they say.
fn headers(described: &[(&str, &str)]) -> BTreeMap<String, Header> {
    let header = |(name, description): &(&str, &str)| {
        let (description, data_type) = (Some((*description).to_owned()), Some(DataType::String));
        ((*name).to_owned(), Header { description, data_type, ..Header::default() })
    };
    described.iter().map(header).collect()
}

/// 204: done, and nothing to say.
pub(crate) struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl Apiv2Schema for NoContent {}

impl OperationModifier for NoContent {
    fn update_response(operation: &mut DefaultOperationRaw) {
        let response = DefaultResponseRaw { description: Some("Done.".to_owned()), ..DefaultResponseRaw::default() };
        operation.responses.insert("204".to_owned(), Either::Right(response));
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::tests::a_contact;

    #[actix_web::test]
    async fn what_is_kept_is_what_was_answered() {
        let answer = || Answer::created("/there".into(), "é", &EntityTag::of(&a_contact()));
        let kept = answer().keep();
        let response = answer().respond_to(&TestRequest::default().to_http_request());
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!((kept.status, kept.location), (response.status().as_u16(), header(header::LOCATION)));
        assert_eq!(kept.entity_tag, header(header::ETAG));
        assert_eq!(header(header::CONTENT_TYPE).as_deref(), Some("application/json"));
        assert_eq!(actix_web::body::to_bytes(response.into_body()).await.unwrap(), kept.body);
    }

    #[test]
    fn the_next_page_differs_in_the_cursor_alone() {
        let next = |uri: &str| next_page(&TestRequest::with_uri(uri).to_http_request(), "new");
        assert_eq!(next("/contacts"), "/contacts?cursor=new");
        assert_eq!(next("/contacts?%63ursor=old"), "/contacts?cursor=new");
        assert_eq!(next("/contacts?q=%C5%81+a&cursor=old&limit=5"), "/contacts?q=%C5%81+a&limit=5&cursor=new");
    }
}
