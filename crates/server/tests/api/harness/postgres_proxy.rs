//! A proxy in front of PostgreSQL that counts round trips, and can be cut.

use std::{
    io::{self, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use reqwest::Url;

/// What a client asks for before it has a connection; the server answers with a single byte.
const ENCRYPTION_REQUESTS: [u32; 2] = [80_877_103, 80_877_104];

/// Passes everything on, both ways. Each `Sync` and each simple query is one round trip: after it a
/// client waits for `ReadyForQuery`.
pub(crate) struct PostgresProxy {
    address: SocketAddr,
    round_trips: Arc<AtomicU64>,
    line: Arc<Mutex<Line>>,
}

/// The way to the server.
enum Line {
    /// With the connections of all clients.
    Open(Vec<TcpStream>),
    Cut,
}

impl PostgresProxy {
    /// A proxy in front of the server of this URL. Its threads end with their connections.
    pub(crate) fn to(database: &Url) -> Self {
        let host = database.host_str().expect("the test database is reached by TCP").to_owned();
        let server = (host, database.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let round_trips = Arc::<AtomicU64>::default();
        let count = Arc::clone(&round_trips);
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
                pass_on(client, server, &count).unwrap();
            }
        });
        Self { address, round_trips, line }
    }

    /// The URL of the same database by way of this proxy.
    pub(crate) fn url(&self, database: &Url) -> Url {
        let mut url = database.clone();
        url.set_host(Some(&self.address.ip().to_string())).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        // Nobody can count what is encrypted.
        url.set_query(Some("sslmode=disable"));
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

    /// How many round trips there were until now.
    pub(crate) fn round_trips(&self) -> u64 {
        self.round_trips.load(Ordering::SeqCst)
    }
}

fn pass_on(client: TcpStream, server: TcpStream, count: &Arc<AtomicU64>) -> io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut answers, mut answered) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut answered);
        let _ = answered.shutdown(Shutdown::Both);
    });
    let count = Arc::clone(count);
    thread::spawn(move || {
        // Ends with an error where the client closes the connection.
        let _ = count_requests(&client, &server, &count);
        let _ = server.shutdown(Shutdown::Both);
    });
    Ok(())
}

/// The frontend's half of the protocol (PostgreSQL's documentation, "Message Formats"): a start-up
/// message has a length and no type; every other message a type byte, then the length.
fn count_requests(client: &TcpStream, mut server: &TcpStream, count: &AtomicU64) -> io::Result<()> {
    let mut client = BufReader::new(client);
    loop {
        let message = read_message(&mut client, Vec::new())?;
        server.write_all(&message)?;
        let code = message.get(4..8).map(|code| u32::from_be_bytes(code.try_into().unwrap()));
        if !code.is_some_and(|code| ENCRYPTION_REQUESTS.contains(&code)) {
            break;
        }
    }
    loop {
        let mut kind = vec![0];
        client.read_exact(&mut kind)?;
        if matches!(kind[0], b'S' | b'Q') {
            count.fetch_add(1, Ordering::SeqCst);
        }
        let message = read_message(&mut client, kind)?;
        server.write_all(&message)?;
    }
}

/// Reads a length, which counts itself, and what it measures, behind what is there already.
fn read_message(client: &mut impl Read, mut message: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    client.read_exact(&mut length)?;
    message.extend_from_slice(&length);
    client.take(u64::from(u32::from_be_bytes(length)) - 4).read_to_end(&mut message)?;
    Ok(message)
}
