//! How a connection to PostgreSQL is opened.

mod per_runtime;
mod pipelines;
mod transaction;
mod writers;

pub(crate) use pipelines::{Pipelines, Turn};
pub(crate) use transaction::Transaction;
pub(crate) use writers::{Shares, Writers};

use std::{path::PathBuf, sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use tokio::{
    task::JoinHandle,
    time::{error::Elapsed, timeout},
};
use tokio_postgres::{
    Client, Config, Connection, NoTls, Socket,
    config::{Host, SslMode},
    tls::TlsStream,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{tls::AnyCertificate, url::InvalidUrl};

/// How long each address of the server may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long all that makes a new connection may take: something may answer that is no PostgreSQL, and say nothing.
const OPENING_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a server may leave what was sent unanswered by its network.
const SILENCE: Duration = Duration::from_secs(15);

/// A connection's parameters. `sslmode` means what libpq says: `disable`, `prefer` (the default) and
/// `require` encrypt without asking who answers; `verify-full` checks the certificate, against
/// `sslrootcert` (a PEM file) or the public authorities.
#[derive(Clone)]
pub(crate) struct PostgresUrl {
    config: Config,
    verification: Verification,
}

#[derive(Clone)]
enum Verification {
    None,
    PublicAuthorities,
    Authority(PathBuf),
}

impl PostgresUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidUrl> {
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut verify = false;
        let mut authority = None;
        let mut kept = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                // These two are libpq's; the driver knows neither.
                Some(("sslmode", "verify-full")) => {
                    verify = true;
                    kept.push("sslmode=require");
                }
                Some(("sslrootcert", path)) => authority = Some(PathBuf::from(path)),
                _ => kept.push(parameter),
            }
        }
        // The driver's message may repeat parts of the URL, so it is not passed on.
        let mut config: Config = format!("{base}?{}", kept.join("&")).parse().map_err(|_| {
            InvalidUrl("a PostgreSQL URL is postgres://user:password@host:port/name?sslmode=...".into())
        })?;
        if config.get_hosts().is_empty() {
            return Err(InvalidUrl("a PostgreSQL URL names a host".into()));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        // A server that vanishes without a word is noticed within this time, not within a quarter of an hour.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if !query.contains("keepalives") {
            config.keepalives_idle(SILENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("contacts");
        }
        let verification = match (verify, authority) {
            (true, None) => Verification::PublicAuthorities,
            (true, Some(path)) => Verification::Authority(path),
            (false, None) => Verification::None,
            (false, Some(_)) => return Err(InvalidUrl("sslrootcert is used with sslmode=verify-full only".into())),
        };
        Ok(Self { config, verification })
    }

    pub(crate) fn redacted(&self) -> String {
        let user = self.config.get_user().unwrap_or_default();
        let password = if self.config.get_password().is_some() { ":***" } else { "" };
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        let port = self.config.get_ports().first().map(|port| format!(":{port}")).unwrap_or_default();
        format!("postgres://{user}{password}@{host}{port}/{}", self.config.get_dbname().unwrap_or_default())
    }

    /// A connection with these settings, and the task that sends and receives for it: the task ends when the connection
    /// does.
    pub(crate) async fn connect(&self, settings: &str) -> ConnectionResult<(AsyncPgConnection, JoinHandle<()>)> {
        let ready = async {
            let (mut connection, driver) = self.open().await?;
            connection.batch_execute(settings).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok((connection, driver))
        };
        let late = |error: Elapsed| ConnectionError::BadConnection(error.to_string());
        timeout(OPENING_TIMEOUT, ready).await.map_err(late)?
    }

    async fn open(&self) -> ConnectionResult<(AsyncPgConnection, JoinHandle<()>)> {
        if self.config.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = self.config.connect(NoTls).await.map_err(refused)?;
            return driven(client, connection).await;
        }
        let tls =
            MakeRustlsConnect::new(self.tls().map_err(|error| ConnectionError::BadConnection(error.to_string()))?);
        let (client, connection) = self.config.connect(tls).await.map_err(refused)?;
        driven(client, connection).await
    }

    fn tls(&self) -> Result<ClientConfig, Box<dyn std::error::Error + Send + Sync>> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
        let mut roots = RootCertStore::empty();
        match &self.verification {
            Verification::None => {
                let verifier = Arc::new(AnyCertificate::new(provider));
                return Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth());
            }
            Verification::PublicAuthorities => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Verification::Authority(path) => {
                use rustls::pki_types::{CertificateDer, pem::PemObject};
                for certificate in CertificateDer::pem_file_iter(path)? {
                    roots.add(certificate?)?;
                }
            }
        }
        Ok(builder.with_root_certificates(roots).with_no_client_auth())
    }
}

async fn driven<S>(
    client: Client,
    connection: Connection<Socket, S>,
) -> ConnectionResult<(AsyncPgConnection, JoinHandle<()>)>
where
    S: TlsStream + Unpin + Send + 'static,
{
    let driver = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to the database was lost");
        }
    });
    Ok((AsyncPgConnection::try_from(client).await?, driver))
}

fn refused(error: tokio_postgres::Error) -> ConnectionError {
    // The driver says "error connecting to server" and keeps the reason in its source.
    let reason = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
    ConnectionError::BadConnection(format!("{error}{reason}"))
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt, net::TcpListener};

    use super::*;

    #[tokio::test]
    async fn a_server_that_takes_a_connection_and_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = PostgresUrl::parse(&format!("postgres://u@{address}/d?sslmode=disable")).unwrap();
        let connecting = tokio::spawn(async move { url.connect("SELECT 1").await.err() });
        let (mut taken, _) = listener.accept().await.unwrap();
        taken.read_u8().await.unwrap();
        // From here on time passes where there is nothing else to do.
        tokio::time::pause();
        assert!(connecting.await.unwrap().is_some());
    }

    #[test]
    fn the_modes_of_libpq_are_understood() {
        let mode =
            |query: &str| PostgresUrl::parse(&format!("postgres://u@h/d?{query}")).map(|url| url.config.get_ssl_mode());
        assert_eq!(mode("").unwrap(), SslMode::Prefer);
        assert_eq!(mode("sslmode=disable").unwrap(), SslMode::Disable);
        assert_eq!(mode("sslmode=require").unwrap(), SslMode::Require);
        assert_eq!(mode("sslmode=verify-full").unwrap(), SslMode::Require);
        assert_eq!(mode("sslmode=verify-full&sslrootcert=/ca.pem&application_name=x").unwrap(), SslMode::Require);
        for query in ["sslmode=maybe", "sslrootcert=/ca.pem", "shoe_size=42"] {
            assert!(mode(query).is_err(), "{query}");
        }
    }

    #[test]
    fn only_verify_full_asks_who_answers() {
        let verification = |query: &str| PostgresUrl::parse(&format!("postgres://u@h/d?{query}")).unwrap().verification;
        assert!(matches!(verification("sslmode=require"), Verification::None));
        assert!(matches!(verification("sslmode=verify-full"), Verification::PublicAuthorities));
    }
}
