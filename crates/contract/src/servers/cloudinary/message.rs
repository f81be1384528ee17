//! HTTP/1.1, as much of it as one request a connection needs.

use std::{collections::BTreeMap, io};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// More than any request of a test.
const MAX_BYTES: usize = 16 * 1024 * 1024;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    /// By their names, in small letters.
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Request {
    /// Reads one request: its head, and as many bytes as that announces.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = position(&bytes, END_OF_HEAD) {
                break end;
            }
            more(stream, &mut bytes).await?;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut body = bytes.split_off(end + END_OF_HEAD.len());
        let (first, rest) = head.split_once("\r\n").unwrap_or((&head, ""));
        let mut words = first.split(' ').map(str::to_owned);
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(malformed());
        };
        let headers = rest.lines().filter_map(|line| line.split_once(':'));
        let headers: BTreeMap<_, _> =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        let length = headers.get("content-length").map_or(Ok(0), |length| length.parse::<usize>());
        let length = length.map_err(|_| malformed())?;
        while body.len() < length {
            more(stream, &mut body).await?;
        }
        body.truncate(length);
        Ok(Self { method, target, headers, body })
    }

    /// The fields of a form (RFC 7578), which are text here, by their names. `None` where it is none.
    pub(super) fn form(&self) -> Option<BTreeMap<String, String>> {
        let boundary = self.headers.get("content-type")?.strip_prefix("multipart/form-data; boundary=")?;
        let body = std::str::from_utf8(&self.body).ok()?;
        let delimiter = format!("--{boundary}");
        let mut fields = BTreeMap::new();
        for part in body.split(delimiter.as_str()).skip(1) {
            if part.starts_with("--") {
                return Some(fields);
            }
            let (head, value) = part.split_once("\r\n\r\n")?;
            let (_, name) = head.split_once(" name=\"")?;
            fields.insert(name.split('"').next()?.to_owned(), value.strip_suffix("\r\n")?.to_owned());
        }
        None
    }
}

/// What is answered, after which the connection is closed.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) media_type: &'static str,
    pub(super) body: Vec<u8>,
}

impl Response {
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, media_type: "application/json; charset=utf-8", body: body.to_string().into_bytes() }
    }

    pub(super) async fn write(&self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let Self { status, media_type, body } = self;
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} Of A Test\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        stream.shutdown().await
    }
}

async fn more(stream: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> io::Result<()> {
    let read = stream.read_buf(bytes).await?;
    if read == 0 || bytes.len() > MAX_BYTES { Err(malformed()) } else { Ok(()) }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

fn malformed() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
