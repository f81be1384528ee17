//! How to reach a server: what a URL says, in the library's terms.

use std::{fs, path::Path};

use lettre::transport::smtp::{
    authentication::Credentials,
    client::{Certificate, CertificateStore, TlsParameters},
    extension::ClientId,
};

use super::{
    timeouts::Timeouts,
    url::{Encryption, InvalidSmtpUrl, SmtpUrl},
};

pub(super) struct Settings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) credentials: Option<Credentials>,
    /// Whether credentials may go out as they are: nobody listens on the way to this machine itself.
    pub(super) is_loopback: bool,
    /// What we call ourselves.
    pub(super) hello: ClientId,
    pub(super) timeouts: Timeouts,
}

pub(super) enum Tls {
    Implicit(TlsParameters),
    Required(TlsParameters),
    Opportunistic(TlsParameters),
    None,
}

impl Settings {
    /// Reads the certificate of the private authority, where there is one.
    pub(super) fn new(url: &SmtpUrl, timeouts: Timeouts) -> Result<Self, InvalidSmtpUrl> {
        let parameters = || tls_parameters(url.host(), url.authority());
        let tls = match url.encryption() {
            Encryption::Implicit => Tls::Implicit(parameters()?),
            Encryption::Required => Tls::Required(parameters()?),
            Encryption::Opportunistic => Tls::Opportunistic(parameters()?),
            Encryption::None => Tls::None,
        };
        let credentials = url.credentials().map(|(user, password)| Credentials::new(user.into(), password.into()));
        Ok(Self {
            host: url.host().to_owned(),
            port: url.port(),
            tls,
            credentials,
            is_loopback: url.is_loopback(),
            hello: ClientId::default(),
            timeouts,
        })
    }
}

/// Trusts the authorities that browsers trust, and the private one beside them.
fn tls_parameters(host: &str, authority: Option<&Path>) -> Result<TlsParameters, InvalidSmtpUrl> {
    let builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    let Some(path) = authority else {
        return builder.build().map_err(|error| InvalidSmtpUrl::new(format!("TLS cannot be used: {error}")));
    };
    let useless = |cause: String| InvalidSmtpUrl::new(format!("the certificate {}: {cause}", path.display()));
    let pem = fs::read_to_string(path).map_err(|error| useless(error.to_string()))?;
    // The library takes a file with none for a file with some.
    if !pem.contains("-----BEGIN CERTIFICATE-----") {
        return Err(useless("it is not in PEM form".into()));
    }
    let certificate = Certificate::from_pem(pem.as_bytes()).map_err(|error| useless(error.to_string()))?;
    builder.add_root_certificate(certificate).build().map_err(|error| useless(error.to_string()))
}
