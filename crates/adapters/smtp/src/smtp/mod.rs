//! The way to a mail server.
//!
//! The library speaks the protocol; this module decides when a connection is used again, how long each step may
//! take and what an answer means. The library's own pool would decide all three otherwise: its timeouts end with
//! the connecting, it cannot tell a refused password from a refused mail, and it takes a connection back whose
//! conversation was cut in the middle.

mod connections;
mod failure;
mod mailer;
mod session;
mod settings;
mod timeouts;
mod url;

pub use mailer::SmtpMailer;
pub use timeouts::Timeouts;
pub use url::{InvalidSmtpUrl, SmtpUrl};
