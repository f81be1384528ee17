//! A running server.

use std::process::{Child, Command, ExitStatus, Stdio};

use reqwest::Url;

use super::output::Output;

/// The process of a server, killed when this is dropped. Where the test failed its log is printed.
pub(crate) struct Process {
    child: Child,
    stdout: Output,
    stderr: Output,
}

impl Process {
    /// The number of the process, as the operating system counts.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("start the server");
        let stdout = Output::of(child.stdout.take().unwrap());
        let stderr = Output::of(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    /// Waits until the server listens, and tells where. (Its line `API` says the same, unless
    /// `PUBLIC_URL` leads elsewhere.)
    pub(crate) fn listening(&self) -> Url {
        let address = self.banner_line("Address").expect("the server says where it listens");
        Url::parse(&format!("http://{address}/")).expect("the banner's address has a host and a port")
    }

    /// Waits for the line of the banner that begins with `label`; returns what follows it.
    pub(crate) fn banner_line(&self, label: &str) -> Option<String> {
        self.stdout.wait_for(|line| {
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
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
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
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until the server ends by itself, which it must do without ever listening.
    pub(crate) fn refuses_to_start(mut self) -> (ExitStatus, String) {
        assert_eq!(self.banner_line("Address"), None, "it should have refused to start");
        self.wait()
    }

    fn wait(&mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        (status, format!("{}\n{}", self.stdout.complete(), self.stderr.complete()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- stdout of the server\n{}", self.stdout.text());
            eprintln!("--- stderr of the server\n{}\n---", self.stderr.text());
        }
    }
}
