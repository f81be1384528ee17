//! A mail server of one's own (RFC 5321): it takes mails, with TLS and a login where it is told to, and can
//! be made to refuse, to be silent, to hang up, to go away and to come back.

mod answer;
mod authority;
mod conversation;
mod listener;
mod options;
mod received;
mod stream;

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Sender, channel},
    },
    time::Duration,
};

pub use answer::{Answer, Stage};
use listener::Order;
pub use options::{ServerTls, SmtpOptions};
pub use received::Received;
use tempfile::TempDir;
use tokio::{
    net::TcpSocket,
    runtime::Runtime,
    sync::{
        mpsc::{UnboundedSender, unbounded_channel},
        watch,
    },
};
use tokio_rustls::TlsAcceptor;

/// Longer than any mail takes to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Has a port of 127.0.0.1 for as long as it lives, on threads of its own: a test that blocks does not stop it.
pub struct SmtpServer {
    address: SocketAddr,
    authority: PathBuf,
    shared: Arc<Shared>,
    state: Mutex<State>,
    runtime: Option<Runtime>,
    _folder: TempDir,
}

enum State {
    Up(UnboundedSender<Order>),
    /// The port is held.
    Down(TcpSocket),
    /// Between the two.
    Changing,
}

/// What all conversations have in common.
struct Shared {
    options: SmtpOptions,
    acceptor: TlsAcceptor,
    answer: Mutex<Answer>,
    received: watch::Sender<Vec<Received>>,
    connections: AtomicUsize,
}

impl SmtpServer {
    /// A server that is up, on a free port of 127.0.0.1.
    pub fn start(options: SmtpOptions) -> Self {
        let server = Self::reserve(options);
        server.restart();
        server
    }

    /// A server that is down, on a port of its own: whoever connects is refused until it is
    /// [started](Self::restart).
    pub fn reserve(options: SmtpOptions) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let authority = folder.path().join("ca.pem");
        let acceptor = authority::acceptor(&options.certificate_names, &authority);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let socket = listener::hold((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
        let shared = Shared {
            options,
            acceptor,
            answer: Mutex::default(),
            received: watch::Sender::default(),
            connections: AtomicUsize::new(0),
        };
        Self {
            address: socket.local_addr().expect("an address"),
            authority,
            shared: Arc::new(shared),
            state: Mutex::new(State::Down(socket)),
            runtime: Some(runtime.expect("a runtime")),
            _folder: folder,
        }
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

    /// Stays the same while the server is down: the port is held.
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
        *locked(&self.shared.answer) = answer;
    }

    /// What it has received, in the order of its coming. A mail for which the client has heard of success is there.
    pub fn messages(&self) -> Vec<Received> {
        self.shared.received.borrow().clone()
    }

    /// The same, once there are `count` or more. Panics where they do not come.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let mut received = self.shared.received.subscribe();
        let arrival = received.wait_for(|messages| messages.len() >= count);
        match tokio::time::timeout(PATIENCE, arrival).await {
            Ok(messages) => messages.expect("a server").clone(),
            Err(_) => panic!("{count} mails were to come, {} did", self.messages().len()),
        }
    }

    /// How often somebody has connected.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Ends every connection, as a server does that has waited for long enough. It goes on listening.
    pub fn hang_up(&self) {
        match &*locked(&self.state) {
            State::Up(orders) => carry_out(orders, Order::HangUp),
            State::Down(_) | State::Changing => panic!("the server is down"),
        }
    }

    /// Ends every connection and takes none any more. Its mails and its port remain. Nothing happens where it is down.
    pub fn stop(&self) {
        let mut state = locked(&self.state);
        if let State::Up(orders) = &*state {
            carry_out(orders, Order::Stop);
            *state = State::Down(listener::hold(self.address).expect("the port"));
        }
    }

    /// Listens again, on the same port. Nothing happens where it is up.
    pub fn restart(&self) {
        let mut state = locked(&self.state);
        *state = match std::mem::replace(&mut *state, State::Changing) {
            State::Down(socket) => {
                let runtime = self.runtime.as_ref().expect("a runtime");
                let _context = runtime.enter();
                let listener = listener::listen(socket).expect("the port");
                let (orders, received) = unbounded_channel();
                runtime.spawn(listener::serve(listener, self.shared.clone(), received));
                State::Up(orders)
            }
            state @ (State::Up(_) | State::Changing) => state,
        };
    }
}

impl Shared {
    fn answer(&self) -> Answer {
        locked(&self.answer).clone()
    }

    fn receive(&self, mail: Received) {
        self.received.send_modify(|messages| messages.push(mail));
    }

    fn count_connection(&self) {
        self.connections.fetch_add(1, Ordering::SeqCst);
    }
}

/// Waits until it is done. The server has threads of its own, and so it may be waited for anywhere.
fn carry_out(orders: &UnboundedSender<Order>, order: impl FnOnce(Sender<()>) -> Order) {
    let (done, is_done) = channel();
    assert!(orders.send(order(done)).is_ok(), "the server has failed");
    is_done.recv_timeout(PATIENCE).expect("a server that does as it is told");
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("a lock that nobody broke")
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Dropped, it would wait for its tasks, which a test may not do.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpServer").field("address", &self.address).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
