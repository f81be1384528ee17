//! A running server, or several that are one service.

use std::{
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use reqwest::Url;

use super::output::Output;

/// Where a process notes which of its lines were run, where that is asked for (`make coverage`).
pub(super) const PROFILE: &str = "LLVM_PROFILE_FILE";

/// Between two signals, and between two looks.
const SECOND_THOUGHT: Duration = Duration::from_millis(20);
/// How long a process may take to note that.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// The process of a server, or those of its replicas: what they write is one log, and what is done to one is done to all.
/// They are killed when this is dropped. Where the test failed the log is printed.
pub(crate) struct Process {
    children: Vec<Child>,
    stdout: Output,
    stderr: Output,
}

impl Process {
    /// The number of the first process, as the operating system counts.
    pub(crate) fn id(&self) -> u32 {
        self.children[0].id()
    }

    pub(crate) fn spawn(command: Command) -> Self {
        Self::spawn_all(vec![command])
    }

    pub(crate) fn spawn_all(commands: Vec<Command>) -> Self {
        let spawn = |mut command: Command| {
            let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("start the server")
        };
        let mut children: Vec<_> = commands.into_iter().map(spawn).collect();
        let stdout = Output::of(children.iter_mut().map(|child| child.stdout.take().unwrap()).collect());
        let stderr = Output::of(children.iter_mut().map(|child| child.stderr.take().unwrap()).collect());
        Self { children, stdout, stderr }
    }

    /// Waits until the server listens, and tells where. (Its line `API` says the same, unless
    /// `PUBLIC_URL` leads elsewhere.)
    pub(crate) fn listening(&self) -> Url {
        self.all_listening().remove(0)
    }

    /// Waits until every one of the replicas listens, and tells where.
    pub(crate) fn all_listening(&self) -> Vec<Url> {
        let addresses = self.banner_lines(self.children.len(), "Address");
        assert_eq!(addresses.len(), self.children.len(), "the server says where it listens");
        let url =
            |address: &String| Url::parse(&format!("http://{address}/")).expect("an address has a host and a port");
        addresses.iter().map(url).collect()
    }

    /// Waits for the line of the banner that begins with `label`; returns what follows it.
    pub(crate) fn banner_line(&self, label: &str) -> Option<String> {
        self.banner_lines(1, label).pop()
    }

    fn banner_lines(&self, count: usize, label: &str) -> Vec<String> {
        self.stdout.wait_for_first(count, |line| {
            let (first, rest) = line.trim().split_once(char::is_whitespace)?;
            (first == label).then(|| rest.trim().to_owned())
        })
    }

    /// What it says to whoever started it, as it comes.
    pub(crate) const fn output(&self) -> &Output {
        &self.stdout
    }

    /// The log, as it comes.
    pub(crate) const fn log(&self) -> &Output {
        &self.stderr
    }

    /// Sends a signal, as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        for child in &self.children {
            let kill = format!("kill -{name} {}", child.id());
            assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        }
    }

    /// Asks the server to end, waits for it, and returns everything it wrote.
    pub(crate) fn terminate(self) -> (ExitStatus, String) {
        self.signal("TERM");
        self.ended()
    }

    /// Waits until the server ends by itself, and returns everything it wrote.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        self.wait()
    }

    /// Ends it at once, in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        for child in &mut self.children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Waits until the server ends by itself, which it must do without ever listening.
    pub(crate) fn refuses_to_start(mut self) -> (ExitStatus, String) {
        assert_eq!(self.banner_line("Address"), None, "it should have refused to start");
        self.wait()
    }

    /// The status is that of the first that did not succeed, or of any.
    /// Has those that can end by themselves do so at once: who is killed tells nobody which of its lines were run.
    fn end_early(&mut self) {
        for child in &mut self.children {
            // The second signal cuts off what the first one would wait for. Whoever is gone already hears neither.
            for _ in 0..2 {
                let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).stderr(Stdio::null()).status();
                thread::sleep(SECOND_THOUGHT);
            }
            let until = Instant::now() + LAST_WORDS;
            while Instant::now() < until && matches!(child.try_wait(), Ok(None)) {
                thread::sleep(SECOND_THOUGHT);
            }
        }
    }

    fn wait(&mut self) -> (ExitStatus, String) {
        let mut ended: Vec<_> = self.children.iter_mut().map(|child| child.wait().unwrap()).collect();
        ended.sort_by_key(ExitStatus::success);
        (ended[0], format!("{}\n{}", self.stdout.complete(), self.stderr.complete()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::env::var_os(PROFILE).is_some() {
            self.end_early();
        }
        for child in &mut self.children {
            // Both fail where it has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- stdout of the server\n{}", self.stdout.text());
            eprintln!("--- stderr of the server\n{}\n---", self.stderr.text());
        }
    }
}
