use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{AcceptLanguage, Header, HeaderName, Quality},
};
use contacts_domain::language::Language;
use paperclip::v2::models::{
    DataType, DefaultOperationRaw, DefaultSchemaRaw, Either, Parameter, ParameterIn, Reference,
};

use super::Input;
use crate::problem::Problem;

/// The language of `Accept-Language` that this product speaks best, English where it speaks none.
pub(crate) struct PreferredLanguage(pub(crate) Language);

impl Input for PreferredLanguage {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        Ok(Self(preferred_language(request)))
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        let description = "Says the account's `language` where the body does not.";
        operation.parameters.push(header_parameter("Accept-Language", description));
    }
}

/// What [`PreferredLanguage`] reads.
pub(crate) fn preferred_language(request: &HttpRequest) -> Language {
    // A header that makes no sense is no reason to refuse somebody.
    let mut accepted = AcceptLanguage::parse(request).unwrap_or(AcceptLanguage(Vec::new()));
    // A quality of 0 means "anything but this" (RFC 9110 section 12.4.2).
    accepted.retain(|wanted| wanted.quality > Quality::ZERO);
    let ranked = accepted.ranked();
    let spoken = ranked.iter().filter_map(|preference| preference.item()).find_map(|tag| {
        let primary = tag.as_str().split('-').next()?.to_ascii_lowercase();
        Language::parse(&primary).ok()
    });
    spoken.unwrap_or_default()
}

/// Whether `Prefer: count=exact` asks for the number of all matches (RFC 7240).
pub(crate) struct Count(pub(crate) bool);

const PREFER: HeaderName = HeaderName::from_static("prefer");

impl Input for Count {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let preferences = request.headers().get_all(PREFER).filter_map(|value| value.to_str().ok());
        let wanted = preferences.flat_map(|value| value.split(',')).any(|preference| {
            let preference = preference.split(';').next().unwrap_or_default();
            preference.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("count") && value.trim().trim_matches('"') == "exact"
            })
        });
        Ok(Self(wanted))
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        let description = "`count=exact` adds `total`, the number of all matches, to the answer.";
        operation.parameters.push(header_parameter("Prefer", description));
    }
}

/// A header of text. What is said of it beyond is added to the document by name.
pub(super) fn header_parameter(name: &str, description: &str) -> Either<Reference, Parameter<DefaultSchemaRaw>> {
    Either::Right(Parameter {
        in_: ParameterIn::Header,
        name: name.into(),
        data_type: Some(DataType::String),
        description: Some(description.into()),
        ..Parameter::default()
    })
}

#[cfg(test)]
mod tests {
    use actix_web::{FromRequest, test::TestRequest};

    use super::*;

    async fn read<I: Input>(name: &'static str, values: &[&str]) -> I {
        let mut request = TestRequest::default();
        for value in values {
            request = request.append_header((name, *value));
        }
        let request = request.to_http_request();
        drop(HttpRequest::extract(&request).await);
        I::read(&request, &mut Payload::None).await.ok().unwrap()
    }

    #[actix_web::test]
    async fn the_language_that_is_wanted_most_is_spoken() {
        for (values, language) in [
            (&[][..], Language::English),
            (&["pl"], Language::Polish),
            (&["de, pl-PL;q=0.7, en;q=0.5"], Language::Polish),
            (&["en-GB, pl;q=0.9"], Language::English),
            (&["de"], Language::English),
            (&["pl;q=0"], Language::English),
            (&[";;;"], Language::English),
        ] {
            assert_eq!(read::<PreferredLanguage>("accept-language", values).await.0, language, "{values:?}");
        }
    }

    #[actix_web::test]
    async fn a_count_is_made_when_it_is_asked_for() {
        for (values, wanted) in [
            (&[][..], false),
            (&["count=exact"], true),
            (&["respond-async, Count = \"exact\""], true),
            (&["respond-async", "count=exact; x=y"], true),
            (&["count=planned"], false),
        ] {
            assert_eq!(read::<Count>("prefer", values).await.0, wanted, "{values:?}");
        }
    }
}
