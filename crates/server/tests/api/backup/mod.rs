//! `contacts backup` and `contacts restore`.

mod commands;
mod restored;
mod under_load;

use std::process::Output;

use crate::harness::Setup;

/// What every deployment in these tests has alike: an archive holds no keys.
const KEYS: [(&str, &str); 2] = [
    ("JWT_SECRET", "one-secret-for-both-of-them-with-32-bytes"),
    ("PASSWORD_PEPPER", "one-pepper-for-both-of-them-with-32-bytes"),
];

/// A deployment with these keys.
fn with_keys(setup: Setup) -> Setup {
    KEYS.iter().fold(setup, |setup, (name, value)| setup.env(name, value))
}

/// Another deployment on a fresh database of the same kind.
async fn fresh(setup: &Setup) -> Setup {
    with_keys(if setup.database_url().is_some() { Setup::postgres().await } else { Setup::sqlite() })
}

/// What a command prints. It must succeed.
fn done(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Why a command did not succeed, in one line.
fn refused(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}
