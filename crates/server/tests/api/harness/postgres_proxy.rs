//! A proxy in front of PostgreSQL that counts round trips, knows statements, and can be cut.

use std::{
    collections::BTreeSet,
    io::{self, BufReader, Read, Write},
    net::TcpStream,
    sync::{
        Arc, Mutex,
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
    heard: Arc<Heard>,
}

/// What clients said.
#[derive(Default)]
struct Heard {
    round_trips: AtomicU64,
    statements: Mutex<BTreeSet<String>>,
}

impl PostgresProxy {
    /// A proxy in front of the server of this URL.
    pub(crate) fn to(database: &Url) -> Self {
        let heard = Arc::<Heard>::default();
        let listening = Arc::clone(&heard);
        let proxy = TcpProxy::listening_to(database, PORT, move |client, server| {
            // Ends with an error where the client closes the connection.
            let _ = pass_on_requests(client, server, &listening);
        });
        Self { proxy, heard }
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
        self.heard.round_trips.load(Ordering::SeqCst)
    }

    /// The text of every statement until now.
    pub(crate) fn statements(&self) -> BTreeSet<String> {
        self.heard.statements.lock().unwrap().clone()
    }
}

/// The frontend's half of the protocol (PostgreSQL's documentation, "Message Formats"): a start-up
/// message has a length and no type; every other message a type byte, then the length.
fn pass_on_requests(client: &TcpStream, mut server: &TcpStream, heard: &Heard) -> io::Result<()> {
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
        let kind_of = kind[0];
        if matches!(kind_of, b'S' | b'Q') {
            heard.round_trips.fetch_add(1, Ordering::SeqCst);
        }
        let message = read_message(&mut client, kind)?;
        // Behind the type and the length: the text of a simple query; of a statement that is parsed, its name and its text.
        let mut texts = message[5..].split(|&byte| byte == 0);
        let text = match kind_of {
            b'Q' => texts.next(),
            b'P' => texts.nth(1),
            _ => None,
        };
        heard.statements.lock().unwrap().extend(text.map(|text| String::from_utf8_lossy(text).into_owned()));
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
