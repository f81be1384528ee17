//! Tests that run twice.
//!
//! The client of Cloudinary takes its proxy and the authorities that it trusts from the environment of the
//! process. A test may not change its own, for others run beside it. So it starts a service, and runs itself
//! again in a child process that is led there: once as the one who watches, once as the one who is watched.

use std::{process::Stdio, time::Duration};

use contacts_contract::servers::cloudinary::FakeCloudinary;
use tokio::process::Command;

/// Set in a child alone.
const MARK: &str = "CONTACTS_CLOUDINARY_TEST_CHILD";

/// A child that hangs is ended after this, and its test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs `inside` in a child of its own, before a service that `prepare` has prepared; it may change the
/// child's environment too. `test` is the name of the test that calls this. In the parent, the service is
/// returned, to look at what became of it.
pub(crate) async fn in_child(
    test: &str,
    prepare: impl FnOnce(&FakeCloudinary, &mut Command),
    inside: impl Future<Output = ()>,
) -> Option<FakeCloudinary> {
    if std::env::var_os(MARK).is_some() {
        inside.await;
        return None;
    }
    let service = FakeCloudinary::start();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([test, "--exact", "--nocapture"]);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "ALL_PROXY", "NO_PROXY", "SSL_CERT_DIR"] {
        child.env_remove(name);
    }
    child.env(MARK, "1").envs(service.environment());
    child.stdin(Stdio::null()).kill_on_drop(true);
    prepare(&service, &mut child);
    let output = tokio::time::timeout(PATIENCE, child.output()).await;
    let output = output.unwrap_or_else(|_| panic!("the child of {test} hangs")).unwrap();
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    // A name that is mistaken would run nothing, and succeed.
    let has_run = text.contains("test result: ok. 1 passed");
    assert!(output.status.success() && has_run, "the child of {test}, {}:\n{text}", output.status);
    Some(service)
}

/// Where the service of this child is reached.
pub(crate) fn proxy_url() -> String {
    std::env::var("HTTPS_PROXY").unwrap()
}
