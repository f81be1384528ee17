//! HTTP written by hand, for what no client library sends.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::answer::Answer;

/// So long that only a server that hangs exceeds it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request in bytes.
pub(crate) struct RawHttp {
    bytes: Vec<u8>,
}

impl RawHttp {
    /// Any bytes at all.
    pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into() }
    }

    /// A request with these header lines. Its length, or that it comes in chunks, is for them to say.
    pub(crate) fn request(request_line: &str, headers: &[&str], body: &[u8]) -> Self {
        let mut bytes = format!("{request_line} HTTP/1.1\r\nHost: localhost\r\n").into_bytes();
        for header in headers {
            bytes.extend_from_slice(format!("{header}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        Self { bytes }
    }

    /// The body as `Transfer-Encoding: chunked` wants it.
    pub(crate) fn chunked(body: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for chunk in body.chunks(8192) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        bytes
    }

    /// Sends the request and reads one answer, which must be sound.
    pub(crate) fn send(self, origin: &Url) -> Answer {
        let (status, headers, body) = self.exchange(origin).expect("the server answers");
        Answer::new("a request by hand".to_owned(), false, status, headers, body)
    }

    /// Sends the request and reads what comes, if anything does. Not every answer to nonsense comes
    /// from the application.
    pub(crate) fn status(self, origin: &Url) -> Option<u16> {
        self.exchange(origin).map(|(status, ..)| status)
    }

    fn exchange(self, origin: &Url) -> Option<(u16, HeaderMap, Vec<u8>)> {
        let address = origin.socket_addrs(|| None).unwrap()[0];
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let mut sender = stream.try_clone().unwrap();
        // Clients read while they write; a server may answer, and close, before it has read all.
        let writer = thread::spawn(move || {
            let _ = sender.write_all(&self.bytes);
        });
        let answer = read_answer(&mut BufReader::new(&stream));
        let _ = stream.shutdown(std::net::Shutdown::Both);
        writer.join().unwrap();
        answer
    }
}

fn read_answer(reader: &mut impl BufRead) -> Option<(u16, HeaderMap, Vec<u8>)> {
    loop {
        let (status, headers) = read_head(reader)?;
        // `100 Continue` and its like announce the answer.
        if status >= 200 {
            let length = headers.get("content-length").map(|length| length.to_str().unwrap().parse().unwrap());
            let mut body = Vec::new();
            reader.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body).ok()?;
            return length.is_none_or(|length| body.len() as u64 == length).then_some((status, headers, body));
        }
    }
}

fn read_head(reader: &mut impl BufRead) -> Option<(u16, HeaderMap)> {
    let status = read_line(reader)?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Some((status, headers));
        }
        let (name, value) = line.split_once(':')?;
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value.trim()).ok()?);
    }
}

fn read_line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    line.strip_suffix("\r\n").map(str::to_owned)
}
