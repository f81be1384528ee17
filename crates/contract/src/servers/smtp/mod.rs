//! A mail server of one's own (RFC 5321): it takes mails, with TLS and a login where it is told to, and can be
//! made to refuse, to be silent, to hang up and to go away.

mod answer;
mod authority;
mod conversation;
mod options;
mod stream;

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

pub use answer::{Answer, Stage};
use conversation::converse;
pub use options::{ServerTls, SmtpOptions};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot, watch},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

/// A mail that the server has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Whom MAIL named, without the brackets.
    pub sender: String,
    /// What MAIL said besides, such as `SMTPUTF8`.
    pub parameters: Vec<String>,
    /// Whom RCPT named, without the brackets.
    pub recipients: Vec<String>,
    /// The message as it was before its lines were stuffed with dots.
    pub data: Vec<u8>,
    pub encrypted: bool,
    /// The user and the password of the login before it.
    pub credentials: Option<(String, String)>,
}

/// Listens on 127.0.0.1 until it is stopped or dropped, and with it every connection ends.
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    authority: PathBuf,
    shared: Arc<Shared>,
    listening: Mutex<Option<Listening>>,
    _folder: TempDir,
}

/// What all conversations have in common.
struct Shared {
    options: SmtpOptions,
    acceptor: TlsAcceptor,
    answer: Mutex<Answer>,
    received: watch::Sender<Vec<Received>>,
    connections: AtomicUsize,
}

impl Shared {
    fn answer(&self) -> Answer {
        self.answer.lock().expect("the answer").clone()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("options", &self.options).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Listening {
    task: JoinHandle<()>,
    /// Asks for an end of all connections, and for a word when it is done.
    hang_ups: mpsc::Sender<oneshot::Sender<()>>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpServer {
    pub async fn start(options: SmtpOptions) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let authority = folder.path().join("ca.pem");
        let acceptor = authority::acceptor(&options.certificate_names, &authority);
        let shared = Arc::new(Shared {
            options,
            acceptor,
            answer: Mutex::new(Answer::Accept),
            received: watch::Sender::default(),
            connections: AtomicUsize::new(0),
        });
        let (address, listening) = listen((Ipv4Addr::LOCALHOST, 0).into(), shared.clone()).await;
        Self { address, authority, shared, listening: Mutex::new(Some(listening)), _folder: folder }
    }

    /// All that a client needs: the form of `SMTP_URL`, with credentials and the authority, where there are any.
    pub fn url(&self) -> String {
        let SmtpOptions { tls, credentials, .. } = &self.shared.options;
        let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let login = credentials.as_ref().map(|(user, password)| format!("{}:{}@", escaped(user), escaped(password)));
        let (address, login, ca) = (self.address, login.unwrap_or_default(), self.authority.display());
        match tls {
            ServerTls::None => format!("smtp://{login}{address}?tls=none"),
            ServerTls::StartTls => format!("smtp://{login}{address}?tls=required&ca={ca}"),
            ServerTls::Implicit => format!("smtps://{login}{address}?ca={ca}"),
        }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of the authority that has signed the server's.
    pub fn ca_pem(&self) -> String {
        std::fs::read_to_string(&self.authority).expect("the certificate")
    }

    /// The file with it.
    pub fn ca_pem_path(&self) -> &Path {
        &self.authority
    }

    /// How it answers from now on.
    pub fn set_answer(&self, answer: Answer) {
        *self.shared.answer.lock().expect("the answer") = answer;
    }

    /// What it has taken, in the order of its coming.
    pub fn messages(&self) -> Vec<Received> {
        self.shared.received.borrow().clone()
    }

    /// The same, once there are `count` or more. Panics where they do not come.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let mut received = self.shared.received.subscribe();
        let arrival = received.wait_for(|messages| messages.len() >= count);
        let messages = tokio::time::timeout(Duration::from_secs(30), arrival).await;
        messages.unwrap_or_else(|_| panic!("{count} mails did not come")).expect("a server").clone()
    }

    /// How often somebody has connected.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// Ends every connection, as a server does that has waited for long enough. It goes on listening.
    pub async fn hang_up(&self) {
        let hang_ups = self.listening.lock().expect("a listener").as_ref().map(|listening| listening.hang_ups.clone());
        let (done, is_done) = oneshot::channel();
        hang_ups.expect("a server that runs").send(done).await.expect("a server that runs");
        is_done.await.expect("a server that runs");
    }

    /// Ends every connection and takes none any more. Its mails and its port remain.
    pub async fn stop(&self) {
        self.hang_up().await;
        let listening = self.listening.lock().expect("a listener").take();
        let mut listening = listening.expect("a server that runs");
        listening.task.abort();
        assert!((&mut listening.task).await.is_err_and(|error| error.is_cancelled()), "the listener failed");
    }

    /// Begins again on the same port.
    pub async fn restart(&self) {
        let (_, listening) = listen(self.address, self.shared.clone()).await;
        *self.listening.lock().expect("a listener") = Some(listening);
    }
}

async fn listen(address: SocketAddr, shared: Arc<Shared>) -> (SocketAddr, Listening) {
    let listener = TcpListener::bind(address).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (hang_ups, mut asked) = mpsc::channel::<oneshot::Sender<()>>(1);
    let task = tokio::spawn(async move {
        // Dropped with the task, and every connection with it.
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                client = listener.accept() => {
                    let (client, _) = client.expect("a connection");
                    shared.connections.fetch_add(1, Ordering::Relaxed);
                    connections.spawn(converse(client, shared.clone()));
                }
                Some(done) = asked.recv() => {
                    connections.shutdown().await;
                    // Whoever asked may have stopped waiting.
                    let _ = done.send(());
                }
            }
        }
    });
    (address, Listening { task, hang_ups })
}
