//! The proxy: it leads to the fake and nowhere else.

use std::{io, net::TcpListener, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

use super::{
    media,
    message::{Request, Response},
    service::{self, Answer, Service},
};

pub(super) async fn serve(listener: TcpListener, acceptor: TlsAcceptor, service: Arc<Service>) {
    listener.set_nonblocking(true).expect("a listener that does not block");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let (acceptor, service) = (acceptor.clone(), service.clone());
        // Whoever hangs up is no concern of others.
        tokio::spawn(async move { connection(stream, &acceptor, &service).await });
    }
}

async fn connection(mut stream: TcpStream, acceptor: &TlsAcceptor, service: &Service) -> io::Result<()> {
    let request = Request::read(&mut stream).await?;
    if request.method == "GET" {
        // Without a tunnel: a test asks what is served, and needs no secrecy for it.
        return media::answer(&request.target, service).write(&mut stream).await;
    }
    let host = request.target.strip_suffix(":443").filter(|_| request.method == "CONNECT");
    match host {
        Some(service::HOST) => {
            stream.write_all(b"HTTP/1.1 200 Tunnel\r\n\r\n").await?;
            api(acceptor.accept(stream).await?, service).await
        }
        _ => {
            Response { status: 502, media_type: "text/plain", body: b"no way there".to_vec() }.write(&mut stream).await
        }
    }
}

async fn api(mut stream: impl AsyncRead + AsyncWrite + Unpin, service: &Service) -> io::Result<()> {
    let request = Request::read(&mut stream).await?;
    service.note(&request);
    match service.answer() {
        Answer::Normal => service.respond(&request).write(&mut stream).await,
        Answer::Error(message) => service::error(500, &message).write(&mut stream).await,
        Answer::Garbage => {
            let body = b"<html><h1>502 Bad Gateway</h1></html>".to_vec();
            Response { status: 502, media_type: "text/html", body }.write(&mut stream).await
        }
        Answer::Strange => Response::json(200, &serde_json::json!({ "result": 1 })).write(&mut stream).await,
        Answer::Silence => {
            // Until the client has had enough.
            stream.read_to_end(&mut Vec::new()).await?;
            Ok(())
        }
        Answer::Disconnect => Ok(()),
    }
}
