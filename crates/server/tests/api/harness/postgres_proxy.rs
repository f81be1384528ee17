//! A proxy in front of PostgreSQL that counts round trips, and can be cut.

use std::{
    io::{self, BufReader, Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use reqwest::Url;

use super::tcp_proxy::TcpProxy;

/// What a client asks for before it has a connection; the server answers with a single byte.
const ENCRYPTION_REQUESTS: [u32; 2] = [80_877_103, 80_877_104];

/// Where PostgreSQL listens unless it is told otherwise.
const PORT: u16 = 5432;

/// Passes everything on, both ways. Each `Sync` and each simple query is one round trip: after it a
/// client waits for `ReadyForQuery`.
pub(crate) struct PostgresProxy {
    proxy: TcpProxy,
    round_trips: Arc<AtomicU64>,
}

impl PostgresProxy {
    /// A proxy in front of the server of this URL.
    pub(crate) fn to(database: &Url) -> Self {
        let round_trips = Arc::<AtomicU64>::default();
        let count = Arc::clone(&round_trips);
        let proxy = TcpProxy::listening_to(database, PORT, move |client, server| {
            // Ends with an error where the client closes the connection.
            let _ = count_requests(client, server, &count);
        });
        Self { proxy, round_trips }
    }

    /// The URL of the same database by way of this proxy.
    pub(crate) fn url(&self, database: &Url) -> Url {
        let mut url = self.proxy.url(database);
        // Nobody can count what is encrypted.
        url.set_query(Some("sslmode=disable"));
        url
    }

    /// Ends every connection, and lets nobody through: the server is away.
    pub(crate) fn cut(&self) {
        self.proxy.cut();
    }

    /// The server is back.
    pub(crate) fn restore(&self) {
        self.proxy.restore();
    }

    /// How many round trips there were until now.
    pub(crate) fn round_trips(&self) -> u64 {
        self.round_trips.load(Ordering::SeqCst)
    }
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
