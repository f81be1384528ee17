//! A Redis of the test's own, which can be killed, flushed and started again.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::PathBuf,
    process::Command,
};

use reqwest::Url;
use tempfile::TempDir;

use super::{installed, process::Process, tcp_proxy::TcpProxy};

/// How often a server may find its port taken.
const ATTEMPTS: usize = 5;

/// Where a Redis listens unless it is told otherwise.
const PORT: u16 = 6379;

/// Keeps nothing on disk: started again, it is empty.
pub(crate) struct RedisServer {
    url: Url,
    way: Way,
}

enum Way {
    Installed {
        program: PathBuf,
        folder: TempDir,
        process: Option<Process>,
    },
    /// Where no program is installed: the Redis that the tests were given, behind a line that can be cut.
    Given {
        server: Url,
        line: TcpProxy,
    },
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        match installed::redis() {
            Some(program) => Self::installed(program),
            None => Self::given(),
        }
    }

    fn installed(program: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("make a folder for Redis");
        for _ in 0..ATTEMPTS {
            let port = installed::free_port();
            // Between our look and the server's start somebody else may take the port.
            if let Some(process) = spawn(&program, &folder, port) {
                let url = Url::parse(&format!("redis://127.0.0.1:{port}")).unwrap();
                return Self { url, way: Way::Installed { program, folder, process: Some(process) } };
            }
        }
        panic!("Redis does not start");
    }

    fn given() -> Self {
        let server = std::env::var("TEST_REDIS_URL");
        let server = server.expect("neither is there a redis-server, nor is TEST_REDIS_URL set: use `make test`");
        let mut server = Url::parse(&server).expect("TEST_REDIS_URL is a URL");
        // Of the 16 databases that a Redis has, one that others rarely use.
        server.set_path("/13");
        let line = TcpProxy::to(&server, PORT);
        let redis = Self { url: line.url(&server), way: Way::Given { server, line } };
        redis.flush();
        redis
    }

    /// Where clients find it, for `REDIS_URL`.
    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        match &mut self.way {
            Way::Installed { process, .. } => process.take().expect("it runs").kill(),
            Way::Given { line, .. } => line.cut(),
        }
    }

    /// It is there again, where it was, and has forgotten everything.
    pub(crate) fn start_again(&mut self) {
        let port = self.url.port().unwrap();
        match &mut self.way {
            Way::Installed { program, folder, process } => {
                *process = (0..ATTEMPTS).find_map(|_| spawn(program, folder, port));
                assert!(process.is_some(), "Redis does not start again");
            }
            Way::Given { server, line } => {
                flush(server);
                line.restore();
            }
        }
    }

    /// Has it forget everything.
    pub(crate) fn flush(&self) {
        flush(self.server());
    }

    /// How many keys it holds.
    pub(crate) fn keys(&self) -> u64 {
        ask(self.server(), "DBSIZE").trim_start_matches(':').parse().expect("a number")
    }

    fn server(&self) -> &Url {
        match &self.way {
            Way::Installed { .. } => &self.url,
            Way::Given { server, .. } => server,
        }
    }
}

/// `None` where it ends instead of listening.
fn spawn(program: &PathBuf, folder: &TempDir, port: u16) -> Option<Process> {
    let mut command = Command::new(program);
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string(), "--dir"]);
    let process = Process::spawn({
        command.arg(folder.path());
        command
    });
    process.output().wait_for(|line| line.contains("eady to accept connections").then_some(()))?;
    Some(process)
}

/// Empties the database of this URL.
fn flush(server: &Url) {
    assert_eq!(ask(server, "FLUSHDB"), "+OK");
}

/// The first line of the answer to a command.
fn ask(server: &Url, command: &str) -> String {
    let address = server.socket_addrs(|| Some(PORT)).unwrap()[0];
    let mut stream = BufReader::new(TcpStream::connect(address).expect("reach Redis"));
    let database = server.path().trim_start_matches('/').parse::<u8>().unwrap_or(0);
    write!(stream.get_mut(), "SELECT {database}\r\n{command}\r\n").unwrap();
    let mut lines = stream.lines().map(|line| line.expect("an answer of Redis"));
    assert_eq!(lines.next().as_deref(), Some("+OK"));
    lines.next().expect("an answer of Redis")
}
