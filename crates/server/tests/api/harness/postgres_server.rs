//! A PostgreSQL of the test's own, which can be killed and started again.

use std::{
    os::unix::fs::chown,
    path::PathBuf,
    process::{Command, Stdio},
};

use reqwest::Url;
use tempfile::TempDir;

use super::{database::TestDatabase, installed, postgres_proxy::PostgresProxy, process::Process, setup::Setup};

/// How often a server may find its port or its memory still in use by the one before it.
const ATTEMPTS: usize = 20;

const SETTINGS: [&str; 4] = ["-c", "max_connections=100", "-c", "listen_addresses=127.0.0.1"];
/// What is acknowledged is with the operating system, which is not killed here: it need not be on disk.
const NOT_DURABLE: [&str; 2] = ["-c", "fsync=off"];

/// A server that is not shared with other tests.
pub(crate) struct PostgresServer {
    url: Url,
    way: Way,
}

enum Way {
    Installed(Installed),
    /// Where no program is installed: the server that the tests were given, behind a line that can be cut.
    /// It keeps what was begun: it is the connections that are lost.
    Given {
        line: PostgresProxy,
        _database: TestDatabase,
    },
}

struct Installed {
    programs: PathBuf,
    folder: TempDir,
    /// Who runs it, where that is not who runs the tests: PostgreSQL refuses to be run by root.
    user: Option<User>,
    port: u16,
    /// Whether what is acknowledged is on disk.
    durable: bool,
    process: Option<Process>,
}

struct User {
    name: &'static str,
    id: u32,
    group: u32,
}

impl PostgresServer {
    /// A program that comes with PostgreSQL.
    #[allow(dead_code, reason = "for benchmarks")]
    pub(crate) fn program(name: &str) -> Command {
        Command::new(installed::postgres().map_or_else(|| name.into(), |programs| programs.join(name)))
    }

    pub(crate) async fn start() -> Self {
        match installed::postgres() {
            Some(programs) => Self::of(Installed::start(programs, false)),
            None => {
                let database = TestDatabase::create_postgres().await;
                let url = database.url().unwrap();
                let line = PostgresProxy::to(&url);
                Self { url: line.url(&url), way: Way::Given { line, _database: database } }
            }
        }
    }

    /// One that keeps what it acknowledged, whatever happens to its machine. It must be installed.
    #[allow(dead_code, reason = "for benchmarks")]
    pub(crate) async fn durable() -> Self {
        Self::of(Installed::start(installed::postgres().expect("an installed PostgreSQL"), true))
    }

    fn of(server: Installed) -> Self {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", server.port);
        Self { url: Url::parse(&url).unwrap(), way: Way::Installed(server) }
    }

    #[allow(dead_code, reason = "for benchmarks")]
    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }

    /// A server of ours on this one.
    pub(crate) fn setup(&self) -> Setup {
        Setup::with(TestDatabase::Given(self.url.clone()))
    }

    /// Ends every process of it at once.
    pub(crate) fn kill(&mut self) {
        match &mut self.way {
            Way::Installed(server) => server.kill(),
            Way::Given { line, .. } => line.cut(),
        }
    }

    /// It is there again, where it was, with all that it acknowledged.
    pub(crate) fn start_again(&mut self) {
        match &mut self.way {
            Way::Installed(server) => server.run(),
            Way::Given { line, .. } => line.restore(),
        }
    }
}

impl Installed {
    fn start(programs: PathBuf, durable: bool) -> Self {
        // The temporary folder of root may be closed to everybody else. A socket's path has room for 107 bytes.
        let folder = tempfile::Builder::new().prefix("contacts-test.").tempdir_in("/tmp").expect("make a folder");
        let user = User::instead_of_root();
        if let Some(user) = &user {
            chown(folder.path(), Some(user.id), Some(user.group)).expect("give the folder to the database's user");
        }
        let mut server = Self { programs, folder, user, port: 0, durable, process: None };
        let data = server.folder.path().join("data");
        let mut initdb = server.command("initdb");
        initdb.args(["-A", "trust", "-E", "UTF8", "--locale=C", "-U", "postgres", "--no-sync", "-D"]).arg(data);
        let output = initdb.output().expect("run initdb");
        assert!(output.status.success(), "initdb fails: {}", String::from_utf8_lossy(&output.stderr));
        server.port = installed::free_port();
        server.run();
        server
    }

    /// A program of PostgreSQL's, run by its user.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = match &self.user {
            None => Command::new(program),
            Some(User { name, group, .. }) => {
                let mut command = Command::new("setpriv");
                let rights = [format!("--reuid={name}"), format!("--regid={group}"), "--clear-groups".to_owned()];
                command.args(rights).arg(program);
                command
            }
        };
        // It must not start in a working directory that is closed to its user.
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn run(&mut self) {
        self.process = (0..ATTEMPTS).find_map(|_| {
            let mut postgres = self.command("postgres");
            if !self.durable {
                postgres.args(NOT_DURABLE);
            }
            postgres.args(SETTINGS).args(["-p", &self.port.to_string(), "-D"]).arg(self.folder.path().join("data"));
            postgres.arg("-k").arg(self.folder.path());
            let process = Process::spawn(postgres);
            process.log().wait_for(|line| line.contains("ready to accept connections").then_some(()))?;
            Some(process)
        });
        assert!(self.process.is_some(), "PostgreSQL does not start");
    }

    fn kill(&mut self) {
        let Some(process) = self.process.take() else { return };
        // Stopped, it starts no more processes while these are counted.
        process.signal("STOP");
        let children = children(process.id());
        process.kill();
        for child in children {
            // It may have ended by itself.
            let _ = Command::new("kill").args(["-KILL", &child]).stderr(Stdio::null()).status();
        }
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        self.kill();
    }
}

impl User {
    /// `None` where the tests are not run by root.
    fn instead_of_root() -> Option<Self> {
        let id = |arguments: &[&str]| -> Option<u32> {
            let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
            String::from_utf8_lossy(&output.stdout).trim().parse().ok()
        };
        if id(&["-u"]) != Some(0) {
            return None;
        }
        let users = ["postgres", "nobody"].into_iter();
        let mut users = users.filter_map(|name| Some(Self { name, id: id(&["-u", name])?, group: id(&["-g", name])? }));
        Some(users.next().expect("a user for PostgreSQL"))
    }
}

/// The processes that this one has started.
fn children(of: u32) -> Vec<String> {
    let listed = Command::new("ps").args(["-A", "-o", "pid=", "-o", "ppid="]).output().expect("run ps");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let pairs = listed.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
    pairs.filter(|(_, parent)| parent.trim() == of.to_string()).map(|(child, _)| child.to_owned()).collect()
}
