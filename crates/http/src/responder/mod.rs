//! What a handler answers, and how the OpenAPI document says so.

mod refused;

use std::{collections::BTreeMap, marker::PhantomData};

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName},
    },
};
use paperclip::{
    actix::OperationModifier,
    v2::{
        models::{DataType, DefaultOperationRaw, DefaultResponseRaw, DefaultSchemaRaw, Either, Header},
        schema::Apiv2Schema,
    },
};
use percent_encoding::percent_decode_str;
use serde::Serialize;

pub(crate) use self::refused::{Refusals, Refused};
use crate::openapi;

/// A kind of successful answer: its status, and the headers that it carries.
pub(crate) trait Kind {
    const STATUS: StatusCode;
    const DESCRIPTION: &'static str;
    const HEADERS: &'static [(&'static str, &'static str)] = &[];
}

/// 200.
pub(crate) struct Found;
/// 201 with `Location`.
pub(crate) struct Made;
/// 200, and the answer must not be kept by any cache: it is a secret.
pub(crate) struct Secret;
/// 202: it was asked for, and is done later.
pub(crate) struct Pending;
/// 200, a page of a list with a link to the next.
pub(crate) struct Listed;

impl Kind for Found {
    const STATUS: StatusCode = StatusCode::OK;
    const DESCRIPTION: &'static str = "Found.";
}

impl Kind for Made {
    const STATUS: StatusCode = StatusCode::CREATED;
    const DESCRIPTION: &'static str = "Made.";
    const HEADERS: &'static [(&'static str, &'static str)] = &[("Location", "Where it is.")];
}

impl Kind for Secret {
    const STATUS: StatusCode = StatusCode::OK;
    const DESCRIPTION: &'static str = "A new pair of tokens.";
    const HEADERS: &'static [(&'static str, &'static str)] = &[("Cache-Control", "`no-store`.")];
}

impl Kind for Pending {
    const STATUS: StatusCode = StatusCode::ACCEPTED;
    const DESCRIPTION: &'static str = "Accepted: it is done a moment later, where there is anything to do.";
}

impl Kind for Listed {
    const STATUS: StatusCode = StatusCode::OK;
    const DESCRIPTION: &'static str = "A page.";
    const HEADERS: &'static [(&'static str, &'static str)] =
        &[("Link", "The next page, as `<...>; rel=\"next\"` (RFC 8288); absent on the last one.")];
}

/// A body in JSON, of the kind `K`.
pub(crate) struct Answer<T, K = Found> {
    body: T,
    headers: Vec<(HeaderName, String)>,
    kind: PhantomData<K>,
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
        let mut response = HttpResponse::build(K::STATUS);
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        response.json(self.body)
    }
}

impl<T, K> Apiv2Schema for Answer<T, K> {}

impl<T: Apiv2Schema, K: Kind> OperationModifier for Answer<T, K> {
    fn update_response(operation: &mut DefaultOperationRaw) {
        let mut schema = T::schema_with_ref();
        schema.retain_ref();
        let header = |(name, description): &(&str, &str)| {
            let header = Header {
                description: Some((*description).to_owned()),
                data_type: Some(DataType::String),
                ..Header::default()
            };
            ((*name).to_owned(), header)
        };
        let response = DefaultResponseRaw {
            description: Some(K::DESCRIPTION.to_owned()),
            schema: Some(schema),
            headers: K::HEADERS.iter().map(header).collect(),
        };
        operation.responses.insert(K::STATUS.as_u16().to_string(), Either::Right(response));
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        openapi::define::<T>(schemas);
    }
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

    #[test]
    fn the_next_page_differs_in_the_cursor_alone() {
        let next = |uri: &str| next_page(&TestRequest::with_uri(uri).to_http_request(), "new");
        assert_eq!(next("/contacts"), "/contacts?cursor=new");
        assert_eq!(next("/contacts?%63ursor=old"), "/contacts?cursor=new");
        assert_eq!(next("/contacts?q=%C5%81+a&cursor=old&limit=5"), "/contacts?q=%C5%81+a&limit=5&cursor=new");
    }
}
