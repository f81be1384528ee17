use std::collections::BTreeMap;

use actix_web::{HttpRequest, dev::Payload};
use contacts_domain::validation::{ValidationErrors, Violation, ViolationCode};
use paperclip::v2::models::{DefaultOperationRaw, Either, Parameter, ParameterIn};
use percent_encoding::percent_decode;

use super::Input;
use crate::{
    json::escape,
    openapi,
    problem::{Code, Problem},
};

/// Query parameters as text. As with a body, faults are noted in `T`, to be reported together.
pub(crate) struct Query<T>(pub(crate) T);

/// No query parameter at all: a misspelt one must not be ignored.
pub(crate) struct NoQuery;

/// Something that query parameters are read into.
pub(crate) trait FromQuery: Sized {
    /// The names of the parameters, all optional.
    const PARAMETERS: &'static [&'static str];

    fn from_query(fields: QueryFields) -> Self;
}

/// The parameters that were sent, each once, and what was wrong with the others.
pub(crate) struct QueryFields {
    values: BTreeMap<String, String>,
    pub(crate) errors: ValidationErrors,
}

impl QueryFields {
    pub(crate) fn parse(query: &str, known: &[&str]) -> Self {
        let mut fields = Self { values: BTreeMap::new(), errors: ValidationErrors::new() };
        for (name, value) in pairs(query.as_bytes()) {
            let (Ok(name), Ok(value)) = (name.as_deref(), value) else {
                let name = name.unwrap_or_default();
                let message = "A query parameter is UTF-8, percent-encoded.";
                fields.errors.push(Violation::new(ViolationCode::InvalidEncoding, message).at(escape(&name)));
                continue;
            };
            let fault = if !known.contains(&name) {
                Some((ViolationCode::UnknownParameter, "There is no such parameter."))
            } else if fields.values.contains_key(name) {
                Some((ViolationCode::RepeatedParameter, "This parameter is sent once at most."))
            } else if value.contains('\0') {
                Some((ViolationCode::NulCharacter, "The character NUL cannot be searched for."))
            } else {
                None
            };
            match fault {
                Some((code, message)) => fields.errors.push(Violation::new(code, message).at(escape(name))),
                None => drop(fields.values.insert(name.to_owned(), value)),
            }
        }
        fields
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }
}

type Decoded = Result<String, std::str::Utf8Error>;

/// The pairs of a query or a form, decoded (`application/x-www-form-urlencoded`).
pub(super) fn pairs(query: &[u8]) -> impl Iterator<Item = (Decoded, Decoded)> + '_ {
    query.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        (decode(&pair[..equals]), decode(pair.get(equals + 1..).unwrap_or_default()))
    })
}

fn decode(bytes: &[u8]) -> Decoded {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8().map(std::borrow::Cow::into_owned)
}

impl<T: FromQuery> Input for Query<T> {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        Ok(Self(T::from_query(QueryFields::parse(request.query_string(), T::PARAMETERS))))
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        for name in T::PARAMETERS {
            operation.parameters.push(Either::Right(Parameter {
                in_: ParameterIn::Query,
                name: (*name).to_owned(),
                data_type: Some(paperclip::v2::models::DataType::String),
                ..Parameter::default()
            }));
        }
        openapi::refuse(operation, &[Code::ValidationFailed]);
    }
}

impl Input for NoQuery {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let errors = QueryFields::parse(request.query_string(), &[]).errors;
        errors.into_result(Self).map_err(Problem::from)
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        openapi::refuse(operation, &[Code::ValidationFailed]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(query: &str) -> Vec<(String, ViolationCode)> {
        let fields = QueryFields::parse(query, &["q", "limit"]);
        fields.errors.iter().map(|error| (error.field().to_owned(), error.code)).collect()
    }

    #[test]
    fn parameters_are_decoded() {
        let mut fields = QueryFields::parse("q=%C5%81%C3%B3d%C5%BA+100%25&limit=&", &["q", "limit"]);
        assert!(fields.errors.is_empty());
        assert_eq!(fields.take("q").as_deref(), Some("Łódź 100%"));
        assert_eq!(fields.take("limit").as_deref(), Some(""));
        assert_eq!(fields.take("q"), None);
    }

    #[test]
    fn every_fault_is_noted() {
        assert_eq!(faults("q=a&q=b"), [("q".into(), ViolationCode::RepeatedParameter)]);
        assert_eq!(faults("lmit=5"), [("lmit".into(), ViolationCode::UnknownParameter)]);
        assert_eq!(faults("q=%00"), [("q".into(), ViolationCode::NulCharacter)]);
        assert_eq!(faults("q=%ff"), [("q".into(), ViolationCode::InvalidEncoding)]);
        assert_eq!(faults("a/b&x").len(), 2);
    }
}
