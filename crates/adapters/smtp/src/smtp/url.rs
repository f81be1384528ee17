//! Where the mail server is.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;

/// `smtp://user:password@host:port?tls=required&ca=/path/to.pem` or `smtps://...`.
///
/// | scheme | TLS | port where none is said |
/// |---|---|---|
/// | `smtps` | from the start (RFC 8314) | 465 |
/// | `smtp` | `tls=required`: STARTTLS (RFC 3207) or no mail; `opportunistic`: where the server offers it; `none` | 587 |
///
/// TLS is required where nothing is said, and none is needed for a server on this machine. Certificates are
/// always verified; `ca` names the certificate of a private authority in PEM form, trusted beside the public
/// ones. User, password and parameters are percent-encoded (RFC 3986). Credentials do not go with `tls=none`,
/// but to this machine.
///
/// ```
/// use contacts_smtp::SmtpUrl;
///
/// let url = SmtpUrl::parse("smtps://contacts:s%40fe@mail.example.com")?;
/// assert_eq!(url.server(), "mail.example.com:465");
/// assert!(!format!("{url:?}").contains("s@fe"), "a log may hold the URL, and never the password");
///
/// assert!(SmtpUrl::parse("smtp://contacts:s%40fe@mail.example.com?tls=none").is_err());
/// # Ok::<(), contacts_smtp::InvalidSmtpUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<(String, String)>,
    authority: Option<PathBuf>,
}

/// When a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    Implicit,
    Required,
    Opportunistic,
    None,
}

/// Why a mail server's URL cannot be used. The text never holds the URL, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSmtpUrl(String);

impl InvalidSmtpUrl {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl SmtpUrl {
    /// Nobody is asked whether a server is there.
    ///
    /// # Errors
    ///
    /// [`InvalidSmtpUrl`] for another scheme, for a part that cannot be understood, and for parts that contradict
    /// each other.
    pub fn parse(text: &str) -> Result<Self, InvalidSmtpUrl> {
        let (implicit, rest) = match text.split_once("://") {
            Some(("smtps", rest)) => (true, rest),
            Some(("smtp", rest)) => (false, rest),
            _ => return Err(InvalidSmtpUrl::new("a mail server's URL begins with smtp:// or smtps://")),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user_info, address) = match place.strip_suffix('/').unwrap_or(place).rsplit_once('@') {
            Some((user_info, address)) => (Some(user_info), address),
            None => (None, place.strip_suffix('/').unwrap_or(place)),
        };
        let (host, port) = host_and_port(address)?;
        let (tls, authority) = parameters(query)?;
        let encryption = match (implicit, tls) {
            (true, None) => Encryption::Implicit,
            (true, Some(_)) => {
                return Err(InvalidSmtpUrl::new("tls goes with smtp:// alone: smtps:// is always encrypted"));
            }
            (false, Some(encryption)) => encryption,
            (false, None) if is_loopback(&host) => Encryption::None,
            (false, None) => Encryption::Required,
        };
        let port = port.unwrap_or(if implicit { 465 } else { 587 });
        let credentials = user_info.map(credentials).transpose()?;
        let url = Self { host, port, encryption, credentials, authority };
        url.check()?;
        Ok(url)
    }

    /// Refuses parts that contradict each other.
    fn check(&self) -> Result<(), InvalidSmtpUrl> {
        if self.encryption != Encryption::None {
            return Ok(());
        }
        if self.credentials.is_some() && !self.is_loopback() {
            return Err(InvalidSmtpUrl::new("with tls=none no credentials are sent, but to this machine"));
        }
        if self.authority.is_some() {
            return Err(InvalidSmtpUrl::new("ca is of no use without TLS: say tls=required"));
        }
        Ok(())
    }

    /// `host:port`, for people to read.
    pub fn server(&self) -> String {
        match self.host.parse::<Ipv6Addr>() {
            Ok(address) => format!("[{address}]:{}", self.port),
            Err(_) => format!("{}:{}", self.host, self.port),
        }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) const fn encryption(&self) -> Encryption {
        self.encryption
    }

    pub(super) fn credentials(&self) -> Option<(&str, &str)> {
        self.credentials.as_ref().map(|(user, password)| (user.as_str(), password.as_str()))
    }

    pub(super) fn authority(&self) -> Option<&Path> {
        self.authority.as_deref()
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpUrl")
            .field("server", &self.server())
            .field("encryption", &self.encryption)
            .field("has_credentials", &self.credentials.is_some())
            .field("authority", &self.authority)
            .finish()
    }
}

/// The host in ASCII, an address of IPv6 without its brackets.
fn host_and_port(text: &str) -> Result<(String, Option<u16>), InvalidSmtpUrl> {
    let invalid = || InvalidSmtpUrl::new("a mail server's URL names a host, and a port from 1 to 65535 if any");
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or_else(invalid)?;
            let address: Ipv6Addr = address.parse().map_err(|_| invalid())?;
            (address.to_string(), port)
        }
        None => {
            let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (idna::domain_to_ascii_strict(host).map_err(|_| invalid())?, port)
        }
    };
    if host.is_empty() {
        return Err(invalid());
    }
    let port = match port {
        "" => None,
        _ => Some(port.strip_prefix(':').and_then(number).ok_or_else(invalid)?),
    };
    Ok((host, port))
}

/// The standard library would take a sign in front.
fn number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|number| *number > 0 && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn credentials(user_info: &str) -> Result<(String, String), InvalidSmtpUrl> {
    match user_info.split_once(':') {
        Some((user, password)) if !user.is_empty() && !password.is_empty() => {
            Ok((decoded("the user", user)?, decoded("the password", password)?))
        }
        _ => Err(InvalidSmtpUrl::new("credentials are a user and a password: user:password@host")),
    }
}

fn parameters(query: &str) -> Result<(Option<Encryption>, Option<PathBuf>), InvalidSmtpUrl> {
    let (mut tls, mut authority) = (None, None);
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("tls", value)) if tls.is_none() => tls = Some(encryption(value)?),
            Some(("ca", value)) if authority.is_none() && !value.is_empty() => {
                authority = Some(decoded("ca", value)?.into());
            }
            _ => return Err(InvalidSmtpUrl::new("the parameters are tls and ca, each with a value and at most once")),
        }
    }
    Ok((tls, authority))
}

fn encryption(value: &str) -> Result<Encryption, InvalidSmtpUrl> {
    match value {
        "required" => Ok(Encryption::Required),
        "opportunistic" => Ok(Encryption::Opportunistic),
        "none" => Ok(Encryption::None),
        _ => Err(InvalidSmtpUrl::new("tls is required, opportunistic or none")),
    }
}

fn decoded(what: &str, text: &str) -> Result<String, InvalidSmtpUrl> {
    match percent_decode_str(text).decode_utf8() {
        Ok(value) if !value.contains('\0') => Ok(value.into_owned()),
        _ => Err(InvalidSmtpUrl::new(format!("{what} is not text in UTF-8"))),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
