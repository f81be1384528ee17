//! What a server offers and demands.

/// What a client must cope with. The default is the plainest server.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// Also decides the scheme of the server's URL.
    pub tls: ServerTls,
    /// The user and the password without which it takes no mail.
    pub credentials: Option<(String, String)>,
    /// The ways to log in that it offers, between spaces: of `PLAIN` and `LOGIN`.
    pub mechanisms: &'static str,
    /// Whether it takes addresses beyond ASCII (RFC 6531).
    pub smtputf8: bool,
    /// Whom its certificate names.
    pub certificate_names: Vec<String>,
}

/// When a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerTls {
    /// Never; STARTTLS is not offered.
    None,
    /// It begins in the clear and goes on encrypted (RFC 3207).
    StartTls,
    /// From the start (RFC 8314).
    Implicit,
}

impl Default for SmtpOptions {
    /// In the clear, without a login, in ASCII; a certificate that would be right.
    fn default() -> Self {
        Self {
            tls: ServerTls::None,
            credentials: None,
            mechanisms: "PLAIN LOGIN",
            smtputf8: false,
            certificate_names: vec!["127.0.0.1".into(), "localhost".into()],
        }
    }
}
