use actix_web::{HttpRequest, http::header};

use crate::problem::Problem;

/// Refuses a body that is compressed, or encoded in another way (RFC 9110 section 8.4): a small one could become any
/// size, and ours are small anyway.
pub(super) fn refuse_encoded(request: &HttpRequest) -> Result<(), Problem> {
    let values =
        request.headers().get_all(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("unreadable"));
    let mut codings = values.flat_map(|value| value.split(',')).map(str::trim);
    let is_plain = codings.all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case("identity"));
    if is_plain { Ok(()) } else { Err(Problem::encoded()) }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn is_refused(values: &[&[u8]]) -> bool {
        let mut request = TestRequest::default();
        for value in values {
            let value = header::HeaderValue::from_bytes(value).unwrap();
            request = request.append_header((header::CONTENT_ENCODING, value));
        }
        refuse_encoded(&request.to_http_request()).is_err()
    }

    #[test]
    fn identity_is_the_only_coding() {
        let plain: [&[&[u8]]; 5] = [&[], &[b""], &[b"identity"], &[b"Identity, identity"], &[b"identity", b" , "]];
        for values in plain {
            assert!(!is_refused(values), "{values:?}");
        }
        let encoded: [&[&[u8]]; 6] =
            [&[b"gzip"], &[b"identity, br"], &[b"identity", b"gzip"], &[b"x"], &[b"identity;q=1"], &[b"\xFF"]];
        for values in encoded {
            assert!(is_refused(values), "{values:?}");
        }
    }
}
