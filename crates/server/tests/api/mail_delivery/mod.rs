//! Mails arrive, whatever happens to the mail server and to this one; and hold what they shall.

mod content;
mod given_up;
mod killed;
mod secrets;
mod server_away;

use contacts_contract::servers::smtp::{SmtpOptions, SmtpServer};

use crate::harness::Setup;

const EMAIL: &str = "ada@example.com";

/// What the mail of a registration is about.
const VERIFY_EMAIL: &str = "Please confirm your e-mail address";

fn mail_server() -> SmtpServer {
    SmtpServer::start(SmtpOptions::default())
}

/// A server of ours that sends its mails by this one.
fn sending_by(smtp: &SmtpServer, setup: Setup) -> Setup {
    // Whoever registers in these tests logs in without waiting for the mail.
    setup.env("SMTP_URL", &smtp.url()).env("REQUIRE_VERIFIED_EMAIL", "false")
}

/// The secret of a link.
fn token(link: &str) -> &str {
    link.split_once("?token=").expect("a link with a token").1
}
