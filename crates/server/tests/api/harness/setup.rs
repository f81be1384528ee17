//! What a server is started with: a folder, a database, settings.

use std::{
    collections::BTreeMap,
    io::Write,
    path::Path,
    process::{Command, ExitStatus, Output, Stdio},
};

use reqwest::Url;
use tempfile::TempDir;

use super::{
    balancer::Balancer,
    client::Client,
    database::TestDatabase,
    process::{PROFILE, Process},
    redis_server::RedisServer,
    replicas,
};

/// A server that is yet to start. Several may be started from one setup, at once or one after the
/// other: they share folder and database.
pub(crate) struct Setup {
    environment: BTreeMap<String, String>,
    /// What the server is started by, and its arguments; nothing where it is started by itself.
    wrapper: Vec<String>,
    database: TestDatabase,
    folder: TempDir,
}

impl Setup {
    pub(crate) fn sqlite() -> Self {
        Self::with(TestDatabase::Sqlite)
    }

    pub(crate) async fn postgres() -> Self {
        Self::with(TestDatabase::create_postgres().await)
    }

    pub(super) fn with(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().expect("make a folder for this test");
        let setup = Self { environment: BTreeMap::new(), wrapper: Vec::new(), database, folder };
        let data = setup.folder().join("data").to_str().unwrap().to_owned();
        let setup = setup
            .env("BIND_ADDRESS", "127.0.0.1:0")
            .env("DATA_DIR", &data)
            // The least that bcrypt does: tests register many users.
            .env("BCRYPT_COST", "4")
            .env("LOG_LEVEL", "info")
            // Tests ask often, all from one address; those of limits switch them on.
            .env("RATE_LIMIT_ENABLED", "false");
        match setup.database_url() {
            Some(url) => setup.env("DATABASE_URL", url.as_str()),
            None => setup,
        }
    }

    /// Sets a variable of the server's environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Has the server started by another program.
    #[allow(dead_code, reason = "for benchmarks")]
    pub(crate) fn under(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|&word| word.to_owned()).collect();
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// The server's current directory.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `None` where the server chooses by itself, which is SQLite.
    pub(crate) fn database_url(&self) -> Option<Url> {
        self.database.url()
    }

    /// Starts a server and waits until it answers.
    pub(crate) fn start(self) -> App {
        match replicas::count() {
            Some(count) if self.database_url().is_some() => self.start_replicas(count),
            _ => {
                let process = self.spawn(&["serve"]);
                let origin = process.listening();
                App { process, setup: self, origin, http: Client::connections(), redis: None }
            }
        }
    }

    /// Starts replicas behind a balancer, which share a Redis.
    fn start_replicas(mut self, count: usize) -> App {
        let balancer = Balancer::new();
        let own_redis = (!self.environment.contains_key("REDIS_URL")).then(RedisServer::start);
        let redis = own_redis.as_ref().map(|redis| ("REDIS_URL", redis.url().to_owned()));
        // What is said of the public is true of each of them.
        let url = (!self.environment.contains_key("PUBLIC_URL")).then(|| ("PUBLIC_URL", balancer.origin().to_string()));
        let added: Vec<_> = [redis, url].into_iter().flatten().collect();
        for (name, value) in &added {
            self.environment.insert((*name).to_owned(), value.clone());
        }
        let process = Process::spawn_all((0..count).map(|_| self.command(&["serve"])).collect());
        for replica in process.all_listening() {
            balancer.add(&replica);
        }
        for (name, _) in &added {
            self.environment.remove(*name);
        }
        let origin = balancer.origin().clone();
        App { process, setup: self, origin, http: Client::connections(), redis: own_redis }
    }

    /// Starts a command that runs for long.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Process {
        Process::spawn(self.command(arguments))
    }

    /// Runs a command that ends by itself.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("run contacts")
    }

    /// The same, with something on its standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("run contacts");
        // It may end before it has read all of it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_contacts").to_owned();
        let mut words = self.wrapper.iter().chain([&program]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        // Nothing of the machine that the tests run on may decide what they find.
        let kept =
            ["PATH", "HOME", "TMPDIR", PROFILE].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.env_clear().envs(kept).envs(&self.environment).current_dir(self.folder()).args(arguments);
        command
    }
}

/// A running server with a database of its own.
pub(crate) struct App {
    // First, so that it ends before its database and its folder go.
    process: Process,
    setup: Setup,
    origin: Url,
    http: reqwest::Client,
    /// Of these replicas.
    #[expect(dead_code, reason = "it ends when this is dropped")]
    redis: Option<RedisServer>,
}

impl App {
    /// A client of the API that is not logged in.
    pub(crate) fn api(&self) -> Client {
        Client::new(self.http.clone(), self.origin.join("/api/v1").unwrap())
    }

    /// A client of what lies beside the API: `/healthz`, `/docs` and so on.
    pub(crate) fn root(&self) -> Client {
        Client::new(self.http.clone(), self.origin.clone())
    }

    /// `http://127.0.0.1:PORT/`
    pub(crate) fn origin(&self) -> &Url {
        &self.origin
    }

    /// A new user, logged in.
    pub(crate) async fn register(&self, email: &str) -> Client {
        self.register_with(email, serde_json::json!({})).await
    }

    /// A new user with these members of a registration besides, logged in.
    pub(crate) async fn register_with(&self, email: &str, profile: serde_json::Value) -> Client {
        let api = self.api();
        api.register(email, profile).await.expect(201);
        api.logged_in(email).await
    }

    pub(crate) const fn process(&self) -> &Process {
        &self.process
    }

    /// What the server was started with.
    pub(crate) const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Ends the server in the middle of whatever it does; the setup can start another one on the same data.
    pub(crate) fn kill(self) -> Setup {
        self.process.kill();
        self.setup
    }

    /// Waits until the server ends, which somebody must have told it to; also returns what it wrote.
    pub(crate) fn ended(self) -> (Setup, ExitStatus, String) {
        let (status, log) = self.process.ended();
        (self.setup, status, log)
    }

    /// Ends the server; the setup can start another one on the same data.
    pub(crate) fn stop(self) -> (Setup, String) {
        let (_, log) = self.process.terminate();
        (self.setup, log)
    }
}

/// What a test may ask for as its argument.
pub(crate) trait Fixture {
    async fn set_up(setup: Setup) -> Self;
}

/// Runs a test on what it asks for.
pub(crate) async fn run<F: Fixture, T: Future<Output = ()>>(setup: Setup, test: impl FnOnce(F) -> T) {
    test(F::set_up(setup).await).await;
}

impl Fixture for Setup {
    async fn set_up(setup: Setup) -> Self {
        setup
    }
}

impl Fixture for App {
    async fn set_up(setup: Setup) -> Self {
        setup.start()
    }
}
