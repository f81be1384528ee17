//! Where the service listens, under which URL it is reached, and how it leaves.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use reqwest::Url;

use super::{
    duration,
    general::Environment,
    reader::Reader,
    table::{BIND_ADDRESS, METRICS_ADDRESS, PUBLIC_URL, SHUTDOWN_DRAIN},
};

/// No load balancer needs as long to notice, and nobody waits longer for a process to end.
const LONGEST_DRAIN: Duration = Duration::from_secs(600);

#[derive(Clone, Debug)]
pub(crate) struct ServerConfig {
    pub(crate) bind_address: SocketAddr,
    /// `None` = nobody collects metrics, and nothing is counted.
    pub(crate) metrics_address: Option<SocketAddr>,
    public_url: Option<String>,
    /// How long the service says that it is going before the listener closes. May be zero.
    pub(crate) shutdown_drain: Duration,
}

impl ServerConfig {
    pub(crate) fn read(reader: &mut Reader<'_>, environment: Environment) -> Option<Self> {
        let bind_address = Self::read_bind_address(reader);
        let metrics_address = reader.read_optional(&METRICS_ADDRESS, metrics_address);
        let public_url = reader.read_optional(&PUBLIC_URL, public_url);
        let (drain, shown) =
            if environment.is_production() { (Duration::from_secs(5), "5s") } else { (Duration::ZERO, "0s") };
        let shutdown_drain = reader
            .read_or(&SHUTDOWN_DRAIN, drain, shown, |text| duration::within(text, Duration::ZERO..=LONGEST_DRAIN));
        Some(Self {
            bind_address: bind_address?,
            metrics_address: metrics_address?,
            public_url: public_url?,
            shutdown_drain: shutdown_drain?,
        })
    }

    /// For a command that only needs to find the service.
    pub(crate) fn read_bind_address(reader: &mut Reader<'_>) -> Option<SocketAddr> {
        reader.read(&BIND_ADDRESS, |text| {
            text.trim().parse().map_err(|_| {
                "must be an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000 (port 0 = any)".to_owned()
            })
        })
    }

    /// The base of all links, without a slash at its end. `bound` is the address that the listener
    /// really has.
    pub(crate) fn public_url(&self, bound: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| local_url(bound))
    }
}

/// The URL of an address on this machine. The address that stands for all of them is none that
/// anybody can connect to.
fn local_url(bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() { format!("http://localhost:{}", bound.port()) } else { format!("http://{bound}") }
}

/// The address to connect to from this machine, for what is bound to `bound`.
pub(crate) fn local_address(bound: SocketAddr) -> SocketAddr {
    match bound {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => (std::net::Ipv6Addr::LOCALHOST, v6.port()).into(),
        other => other,
    }
}

/// Whoever names no address means this machine: what is counted is for nobody else by mistake.
fn metrics_address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let local = text.parse().map(|port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    local.or_else(|_| text.parse()).map_err(|_| {
        "must be an IP address and a port, such as 127.0.0.1:9100, or a port alone (port 0 = any)".to_owned()
    })
}

fn public_url(text: &str) -> Result<String, String> {
    let must_be = "must be an absolute http or https URL without credentials, query or fragment, such as \
                   https://contacts.example.com";
    Url::parse(text.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .filter(|url| url.query().is_none() && url.fragment().is_none())
        .map(|url| url.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(|| must_be.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment;

    fn config(variables: &[(&str, &str)]) -> ServerConfig {
        ServerConfig::read(&mut Reader::new(&environment(variables)), Environment::Development).unwrap()
    }

    #[test]
    fn production_gives_load_balancers_time_to_notice() {
        let drain = |given: &[(&str, &str)], stage| {
            let config = ServerConfig::read(&mut Reader::new(&environment(given)), stage);
            config.map(|config| config.shutdown_drain.as_secs())
        };
        assert_eq!(drain(&[], Environment::Development), Some(0));
        assert_eq!(drain(&[], Environment::Production), Some(5));
        assert_eq!(drain(&[("SHUTDOWN_DRAIN", "0s")], Environment::Production), Some(0));
        assert_eq!(drain(&[("SHUTDOWN_DRAIN", "10m")], Environment::Development), Some(600));
        assert_eq!(drain(&[("SHUTDOWN_DRAIN", "11m")], Environment::Development), None);
    }

    #[test]
    fn the_public_url_is_that_of_the_bound_address_unless_set() {
        for (bound, url) in [
            ("127.0.0.1:4711", "http://127.0.0.1:4711"),
            ("[::1]:4711", "http://[::1]:4711"),
            ("0.0.0.0:80", "http://localhost:80"),
            ("[::]:8000", "http://localhost:8000"),
        ] {
            assert_eq!(config(&[]).public_url(bound.parse().unwrap()), url);
        }
        let configured = config(&[("PUBLIC_URL", "https://Contacts.example.com/")]);
        assert_eq!(configured.public_url("127.0.0.1:1".parse().unwrap()), "https://contacts.example.com");
    }

    #[test]
    fn a_public_url_is_absolute_and_plain() {
        assert_eq!(public_url("http://h:8080/book//").unwrap(), "http://h:8080/book");
        for text in [
            "contacts.example.com",
            "/book",
            "ftp://h",
            "http://",
            "https://u:p@h",
            "https://h/?a=b",
            "https://h/#a",
            "mailto:a@b",
        ] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for text in ["localhost:8000", "8000", ":8000", "127.0.0.1", "127.0.0.1:65536", "::1:8000x"] {
            let layers = environment(&[("BIND_ADDRESS", text)]);
            let mut reader = Reader::new(&layers);
            assert!(ServerConfig::read_bind_address(&mut reader).is_none(), "{text}");
            assert!(reader.faults[0].to_string().starts_with("BIND_ADDRESS must be an IP address and a port"));
        }
    }

    #[test]
    fn metrics_are_for_this_machine_unless_said_otherwise() {
        assert_eq!(config(&[]).metrics_address, None);
        for (text, address) in [
            ("9100", "127.0.0.1:9100"),
            (" 127.0.0.1:9100 ", "127.0.0.1:9100"),
            ("0.0.0.0:9100", "0.0.0.0:9100"),
            ("[::]:9100", "[::]:9100"),
        ] {
            let config = config(&[("METRICS_ADDRESS", text)]);
            assert_eq!(config.metrics_address, Some(address.parse().unwrap()), "{text}");
        }
        for text in ["on", ":9100", "localhost:9100", "65536", "-1", "127.0.0.1"] {
            assert!(metrics_address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_bound_everywhere_is_reached_on_this_machine() {
        for (bound, reached) in [("0.0.0.0:1", "127.0.0.1:1"), ("[::]:1", "[::1]:1"), ("10.0.0.1:1", "10.0.0.1:1")] {
            assert_eq!(local_address(bound.parse().unwrap()), reached.parse().unwrap());
        }
    }
}
