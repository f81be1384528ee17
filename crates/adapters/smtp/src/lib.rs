//! Mail by SMTP, or into files where no server is set.
//!
//! [`SmtpMailer`] hands mails to a server (RFC 5321, the submission of RFC 6409); [`FileMailer`] writes them
//! into a folder, for development. Both send the same message: plain text and HTML of one letter in the language
//! of the reader (`templates/`), with headers that no name and no address can add to (`message`).
//!
//! | what went wrong | is |
//! |---|---|
//! | the server refuses the recipient or the message for good (5xx) | `Refused` |
//! | an address that cannot stand in a mail, or that the server cannot serve (RFC 6531) | `Refused` |
//! | everything else: no connection, no trust, wrong credentials, a sender that is not allowed, 4xx | `Temporary` |
//!
//! What is temporary includes faults of the configuration: an operator mends them, and the mails go out.

mod file_mailer;
mod letter;
mod lifetime;
mod message;
mod recipient;
mod sender;
mod smtp;

pub use file_mailer::FileMailer;
pub use sender::{InvalidSender, Sender};
pub use smtp::{InvalidSmtpUrl, SmtpMailer, SmtpUrl, Timeouts};
