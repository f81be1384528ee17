//! Whose pages may use the service from a browser.

use reqwest::Url;

use super::{reader::Reader, table::CORS_ALLOWED_ORIGINS};

#[derive(Clone, Debug)]
pub(crate) struct CorsConfig {
    /// As a browser sends them in `Origin` (RFC 6454 section 6.2), so that they are compared as they are.
    /// None twice.
    pub(crate) allowed_origins: Vec<String>,
}

impl CorsConfig {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let none = CORS_ALLOWED_ORIGINS.default.words();
        let allowed_origins = reader.read_or(&CORS_ALLOWED_ORIGINS, vec![], none, origins);
        Some(Self { allowed_origins: allowed_origins? })
    }
}

fn origins(list: &str) -> Result<Vec<String>, String> {
    let mut origins = Vec::new();
    for text in list.split(',') {
        let origin = origin(text.trim()).ok_or_else(|| {
            "must be origins such as https://app.example.com or http://localhost:5173, separated by commas, without a \
             path, a slash at the end or *"
                .to_owned()
        })?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

/// Scheme, host and port in lower case and in ASCII, without the port that the scheme has anyway.
fn origin(text: &str) -> Option<String> {
    let (_, authority) = text.split_once("://")?;
    // The parser takes all of these for something: what is not exactly an origin is a misunderstanding.
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"/\\?#@*".contains(c);
    let url = Url::parse(text).ok().filter(|_| authority.chars().all(is_plain))?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment;

    fn read(text: &str) -> Option<Vec<String>> {
        let layers = environment(&[("CORS_ALLOWED_ORIGINS", text)]);
        CorsConfig::read(&mut Reader::new(&layers)).map(|config| config.allowed_origins)
    }

    #[test]
    fn no_origin_is_allowed_unless_it_is_named() {
        assert_eq!(CorsConfig::read(&mut Reader::new(&environment(&[]))).unwrap().allowed_origins, [""; 0]);
        assert_eq!(read(" ").unwrap(), [""; 0]);
    }

    #[test]
    fn origins_are_written_as_a_browser_sends_them() {
        for (text, origin) in [
            ("https://app.example.com", "https://app.example.com"),
            ("HTTPS://App.Example.COM", "https://app.example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("http://app.example.com:80", "http://app.example.com"),
            ("https://app.example.com:80", "https://app.example.com:80"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://[0:0::1]:3000", "http://[::1]:3000"),
            ("https://żółw.example", "https://xn--w-uga1v8h.example"),
        ] {
            assert_eq!(read(text).unwrap(), [origin], "{text}");
        }
    }

    #[test]
    fn a_list_is_separated_by_commas_and_names_each_once() {
        let list = "https://a.example, http://b.example:8080 ,https://A.example:443";
        assert_eq!(read(list).unwrap(), ["https://a.example", "http://b.example:8080"]);
    }

    #[test]
    fn what_is_not_exactly_an_origin_is_refused() {
        for text in [
            "*",
            "null",
            "https://*",
            "https://*.example.com",
            "app.example.com",
            "//app.example.com",
            "https:app.example.com",
            "https://",
            "https://app.example.com/",
            "https://app.example.com/path",
            "https://app.example.com\\path",
            "https://app.example.com?a=b",
            "https://app.example.com#a",
            "https://ada@app.example.com",
            "https://ada:pa55@app.example.com",
            "https://app.exa\tmple.com",
            "https://app example.com",
            "https://app.example.com:65536",
            "ftp://app.example.com",
            "file://",
            "https://a.example,",
            "https://a.example,,https://b.example",
            "https://a.example https://b.example",
            "https://a.example;https://b.example",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
