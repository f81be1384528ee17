//! A proxy in front of a server, which can be cut.

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use reqwest::Url;

/// Passes everything on, both ways. Its threads end with their connections.
pub(crate) struct TcpProxy {
    address: SocketAddr,
    line: Arc<Mutex<Line>>,
}

/// The way to the server.
enum Line {
    /// With the connections of all clients.
    Open(Vec<TcpStream>),
    Cut,
}

impl TcpProxy {
    /// A proxy in front of the server of this URL, or of this port where the URL names none.
    pub(crate) fn to(server: &Url, port: u16) -> Self {
        Self::listening_to(server, port, pass_on)
    }

    /// The same, where what clients say is passed on by `pass_on`, in a thread for each.
    pub(super) fn listening_to(
        server: &Url,
        port: u16,
        pass_on: impl Fn(&TcpStream, &TcpStream) + Clone + Send + 'static,
    ) -> Self {
        let host = server.host_str().expect("the server is reached by TCP").to_owned();
        let server = (host, server.port().unwrap_or(port));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(Mutex::new(Line::Open(Vec::new())));
        let shared = Arc::clone(&line);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                match &mut *shared.lock().unwrap() {
                    Line::Open(clients) => clients.push(client.try_clone().unwrap()),
                    // Dropped, and so closed: nobody is there.
                    Line::Cut => continue,
                }
                let server = TcpStream::connect(&server).unwrap();
                join(client, server, pass_on.clone()).unwrap();
            }
        });
        Self { address, line }
    }

    /// The URL of the same server by way of this proxy.
    pub(crate) fn url(&self, server: &Url) -> Url {
        let mut url = server.clone();
        url.set_host(Some(&self.address.ip().to_string())).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url
    }

    /// Ends every connection, and lets nobody through: the server is away.
    pub(crate) fn cut(&self) {
        if let Line::Open(clients) = std::mem::replace(&mut *self.line.lock().unwrap(), Line::Cut) {
            for client in clients {
                // It may have ended by itself.
                let _ = client.shutdown(Shutdown::Both);
            }
        }
    }

    /// The server is back.
    pub(crate) fn restore(&self) {
        *self.line.lock().unwrap() = Line::Open(Vec::new());
    }
}

/// What a client says, as it stands.
pub(super) fn pass_on(mut client: &TcpStream, mut server: &TcpStream) {
    let _ = io::copy(&mut client, &mut server);
}

/// Connects them, both ways, in threads that end with their connections.
pub(super) fn join(
    client: TcpStream,
    server: TcpStream,
    pass_on: impl Fn(&TcpStream, &TcpStream) + Send + 'static,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut answers, mut answered) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut answered);
        let _ = answered.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        pass_on(&client, &server);
        let _ = server.shutdown(Shutdown::Both);
    });
    Ok(())
}
