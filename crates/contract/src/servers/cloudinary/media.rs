//! What the public sees.

use std::io;

use contacts_domain::avatar::AvatarFormat;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{CLOUD, message::Response, service::Service};

pub(super) const HOST: &str = "res.cloudinary.com";

/// Where a picture is read.
pub(super) fn url(public_id: &str, format: AvatarFormat) -> String {
    format!("{}{public_id}.{}", prefix(), format.extension())
}

fn prefix() -> String {
    format!("https://{HOST}/{CLOUD}/image/upload/v1/")
}

pub(super) fn answer(url: &str, service: &Service) -> Response {
    let prefix = prefix();
    let found = url.strip_prefix(prefix.as_str()).and_then(|name| name.rsplit_once('.'));
    let found = found.and_then(|(public_id, extension)| service.picture(public_id, extension));
    match found {
        Some((format, body)) => Response { status: 200, media_type: format.media_type(), body },
        None => Response { status: 404, media_type: "text/plain", body: vec![] },
    }
}

/// What is read at a URL that the fake at `proxy_url` gave for a picture; `None` where there is none (any
/// more). It may run in another process than the fake.
pub async fn read(proxy_url: &str, url: &str) -> io::Result<Option<Vec<u8>>> {
    let mut stream = TcpStream::connect(proxy_url.trim_start_matches("http://")).await?;
    stream.write_all(format!("GET {url} HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let body = answer.split_off(end + 4);
    Ok(answer.starts_with(b"HTTP/1.1 200 ").then_some(body))
}
