use std::collections::BTreeMap;

use crate::{
    json::{self, Tree},
    media_types::{FORM, JSON, MERGE_PATCH},
    problem::{Code, Problem},
};

/// Which types a body may be of, and how each is read.
pub(crate) trait Format: 'static {
    const MEDIA_TYPES: &'static [&'static str];
    /// The largest body, in bytes.
    const MAX_LENGTH: usize = 256 * 1024;
    /// Whether there may be no body at all. It is then read as one without fields.
    const MAY_BE_ABSENT: bool = false;

    fn parse(media_type: &str, bytes: &[u8]) -> Result<Tree, Problem>;
}

/// JSON.
pub(crate) struct Json;
/// JSON that holds up to 500 contacts.
pub(crate) struct BatchJson;
/// JSON, or nothing.
pub(crate) struct OptionalJson;
/// A change of some fields: JSON, or JSON Merge Patch by name (RFC 7396).
pub(crate) struct MergePatch;
/// JSON, or the form of OAuth2's password flow (RFC 6749 section 4.3.2).
pub(crate) struct OAuth;
/// A form that a page sends.
pub(crate) struct Form;

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

impl Format for BatchJson {
    const MEDIA_TYPES: &'static [&'static str] = &[JSON];
    const MAX_LENGTH: usize = 32 * 1024 * 1024;

    fn parse(_: &str, bytes: &[u8]) -> Result<Tree, Problem> {
        parse_json(bytes)
    }
}

impl Format for OptionalJson {
    const MEDIA_TYPES: &'static [&'static str] = &[JSON];
    const MAY_BE_ABSENT: bool = true;

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
    use super::*;

    #[test]
    fn the_form_of_oauth_is_read_as_the_same_fields() {
        let form = b"grant_type=password&username=ada%40example.com&password=a+b%2B&scope=";
        let members = [("email", "ada@example.com"), ("password", "a b+")];
        let expected = members.map(|(name, value)| (name.to_owned(), Tree::Text(value.to_owned())));
        assert_eq!(OAuth::parse(FORM, form).unwrap(), Tree::Object(BTreeMap::from(expected)));
        assert!(OAuth::parse(FORM, b"username=a&username=b").is_err());
        assert!(OAuth::parse(FORM, b"username=%ff").is_err());
    }
}
