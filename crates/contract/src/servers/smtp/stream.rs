//! Lines over a connection that may become encrypted.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio_rustls::TlsAcceptor;

trait Bytes: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Bytes for T {}

pub(super) struct Stream(BufReader<Box<dyn Bytes>>);

impl Stream {
    pub(super) fn new(bytes: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Self {
        Self(BufReader::new(Box::new(bytes)))
    }

    pub(super) async fn encrypted(self, acceptor: &TlsAcceptor) -> io::Result<Self> {
        Ok(Self::new(acceptor.accept(self.0.into_inner()).await?))
    }

    /// A line with its end. A client that is gone is an error.
    pub(super) async fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.0.read_until(b'\n', &mut line).await?;
        if line.ends_with(b"\n") { Ok(line) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// The same as text, without its end.
    pub(super) async fn text(&mut self) -> io::Result<String> {
        let line = String::from_utf8(self.line().await?).map_err(io::Error::other)?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// The lines of a message up to the one that is a dot, unstuffed (RFC 5321 section 4.5.2).
    pub(super) async fn message(&mut self) -> io::Result<Vec<u8>> {
        let mut message = Vec::new();
        loop {
            let line = self.line().await?;
            match line.as_slice() {
                b".\r\n" => return Ok(message),
                [b'.', rest @ ..] => message.extend_from_slice(rest),
                line => message.extend_from_slice(line),
            }
        }
    }

    pub(super) async fn say(&mut self, line: &str) -> io::Result<()> {
        self.0.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.0.flush().await
    }
}
