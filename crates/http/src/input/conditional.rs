use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName},
};
use contacts_domain::precondition::{EntityTags, Preconditions};
use paperclip::v2::models::DefaultOperationRaw;

use super::{Input, headers::header_parameter};
use crate::{
    openapi,
    problem::{Code, Problem},
};

/// `If-Match` and `If-None-Match` (RFC 9110 section 13.1).
pub(crate) struct Conditional(pub(crate) Preconditions);

impl Input for Conditional {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let tags = |name| entity_tags(request, &name);
        Ok(Self(Preconditions { if_match: tags(header::IF_MATCH), if_none_match: tags(header::IF_NONE_MATCH) }))
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        let if_match = "Only where the contact has one of these ETags, separated by commas; `*`: any.";
        let if_none_match = "Only where the contact has none of these ETags.";
        operation.parameters.push(header_parameter("If-Match", if_match));
        operation.parameters.push(header_parameter("If-None-Match", if_none_match));
        openapi::refuse(operation, &[Code::PreconditionFailed]);
    }
}

/// Every tag of a header, in as many lines as it came. What is no text becomes a tag that matches nothing, and
/// spoils none beside it.
fn entity_tags(request: &HttpRequest, name: &HeaderName) -> Option<EntityTags> {
    let lines: Vec<_> =
        request.headers().get_all(name).map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!lines.is_empty()).then(|| EntityTags::of_lines(lines.iter().map(|line| &**line)))
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header::HeaderValue, test::TestRequest};

    use super::*;

    async fn read(lines: &[(HeaderName, &[u8])]) -> Preconditions {
        let mut request = TestRequest::default();
        for (name, value) in lines {
            request = request.append_header((name.clone(), HeaderValue::from_bytes(value).unwrap()));
        }
        Conditional::read(&request.to_http_request(), &mut Payload::None).await.unwrap().0
    }

    #[actix_web::test]
    async fn both_headers_are_read_and_lines_are_joined() {
        let preconditions = read(&[
            (header::IF_MATCH, b"\"1-a\""),
            (header::IF_NONE_MATCH, b"*"),
            (header::IF_MATCH, b"W/\"2-b\", \"3-c\""),
        ])
        .await;
        assert_eq!(preconditions.if_match, Some(EntityTags::parse("\"1-a\", \"2-b\", \"3-c\"")));
        assert_eq!(preconditions.if_none_match, Some(EntityTags::Any));
        assert_eq!(read(&[]).await, Preconditions::default());
    }

    #[actix_web::test]
    async fn what_is_no_text_is_a_tag_of_nothing_and_spoils_none_beside_it() {
        let known = EntityTags::parse("\"1-a\"");
        let EntityTags::These(known) = known else { panic!("these") };
        let tags = |value: &'static [u8]| async move {
            match read(&[(header::IF_MATCH, value)]).await.if_match {
                Some(EntityTags::These(tags)) => tags,
                other => panic!("{other:?}"),
            }
        };
        assert!(!tags(b"\"\xff\"").await.contains(&known[0]));
        assert!(!tags(b"").await.contains(&known[0]));
        assert!(tags(b"\"\xff\", \"1-a\"").await.contains(&known[0]));
        let lines = read(&[(header::IF_NONE_MATCH, b"\"2-b"), (header::IF_NONE_MATCH, b"\"1-a\"")]).await;
        assert_eq!(lines.if_none_match, Some(EntityTags::These(known.clone())), "a quote that is never closed");
    }
}
