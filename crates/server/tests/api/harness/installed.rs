//! Servers that are installed on this machine, and ports for them. They are looked for where
//! `scripts/with-test-services.sh` looks for them.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use super::database::unique;

/// Where Homebrew links programs.
const HOMEBREW: [&str; 3] = ["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"];

/// `redis-server`, where there is one.
pub(super) fn redis() -> Option<PathBuf> {
    let beside = HOMEBREW.map(|prefix| Path::new(prefix).join("bin"));
    on_path().chain(beside).map(|folder| folder.join("redis-server")).find(|program| program.is_file())
}

/// The folder with `initdb` and `postgres`, where there is one.
pub(super) fn postgres() -> Option<PathBuf> {
    // A link on the path may lead to the folder with everything else.
    let linked = on_path().filter_map(|folder| Some(folder.join("initdb").canonicalize().ok()?.parent()?.to_owned()));
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let debian = newest_first("/usr/lib/postgresql", "").into_iter().map(|version| version.join("bin"));
    let red_hat = newest_first("/usr", "pgsql-").into_iter().map(|version| version.join("bin"));
    let homebrew = HOMEBREW
        .iter()
        .flat_map(|prefix| newest_first(&format!("{prefix}/opt"), "postgresql"))
        .map(|version| version.join("bin"));
    let mut candidates = linked.chain(configured).chain(debian).chain(red_hat).chain(homebrew);
    candidates.find(|folder| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file()))
}

/// A port that nobody listens on now, below those that systems give to outgoing connections: whoever has
/// it can go away and come back to it.
pub(super) fn free_port() -> u16 {
    loop {
        let port = 10_000 + u16::try_from(unique().as_u128() % 20_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn on_path() -> impl Iterator<Item = PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>().into_iter()
}

/// The folders in `parent` whose names begin so.
fn newest_first(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok);
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    let mut folders: Vec<_> = named.map(|entry| entry.path()).collect();
    folders.sort_by_key(|folder| {
        let digits: String = folder.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
        std::cmp::Reverse(digits.parse::<u64>().unwrap_or_default())
    });
    folders
}
