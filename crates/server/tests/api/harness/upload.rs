//! Forms with a file, as browsers send them (RFC 7578).

use reqwest::Method;

use super::client::{Client, Request};

const EDGE: &str = "an-edge-that-is-in-no-picture";

/// A form of these parts: name and content of each.
pub(crate) fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, content) in parts {
        let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"picture\"\r\n\r\n");
        form.extend_from_slice(head.as_bytes());
        form.extend_from_slice(content);
        form.extend_from_slice(b"\r\n");
    }
    form.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
    form
}

impl Client {
    /// A request to show this picture.
    pub(crate) fn put_avatar(&self, picture: &[u8]) -> Request {
        self.put_form(&[("file", picture)])
    }

    /// The same with any form.
    pub(crate) fn put_form(&self, parts: &[(&str, &[u8])]) -> Request {
        let content_type = format!("multipart/form-data; boundary={EDGE}");
        self.request(Method::PUT, "/users/me/avatar").body(&content_type, form(parts))
    }
}
