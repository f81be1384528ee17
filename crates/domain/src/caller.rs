//! Who sends a request, as far as the network tells.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// Where a request comes from: for limits, sessions and the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The client's own, not that of a proxy: whoever makes this has looked behind those that it trusts.
    pub address: ClientAddress,
    /// Anybody's text. `None` where the client said nothing.
    pub user_agent: Option<UserAgent>,
}

/// The address of a client as it is counted: one address of IPv4, or a whole /64 of IPv6, which is
/// what one customer gets (RFC 6177).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// An address of IPv4 that is written as one of IPv6 counts as what it is.
    pub fn new(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    /// For adapters: reads what [`Display`](fmt::Display) wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let address = text.strip_suffix("/64").unwrap_or(text).parse().ok().map(Self::new)?;
        (address.to_string() == text).then_some(address)
    }
}

/// `203.0.113.7`, or `2001:db8:1:2::/64`.
impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => v4.fmt(f),
            IpAddr::V6(v6) => write!(f, "{v6}/64"),
        }
    }
}

/// What a client calls itself: one line, to be shown to its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserAgent(String);

impl UserAgent {
    /// In characters; the rest is cut off.
    pub const MAX_LENGTH: usize = 256;

    /// `None` where nothing is left to show.
    pub fn new(text: &str) -> Option<Self> {
        let line: String = text.chars().filter(|c| !c.is_control()).take(Self::MAX_LENGTH).collect();
        let line = line.trim();
        (!line.is_empty()).then(|| Self(line.to_owned()))
    }

    /// For adapters: takes back what [`new`](Self::new) made.
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Without control characters, but otherwise whatever was sent: to be escaped where it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> String {
        ClientAddress::new(text.parse().unwrap()).to_string()
    }

    #[test]
    fn ipv4_counts_by_address_and_ipv6_by_its_64() {
        assert_eq!(counted("203.0.113.7"), "203.0.113.7");
        assert_eq!(counted("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(counted("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for text in ["203.0.113.7", "2001:db8:1:2::/64", "::/64"] {
            assert_eq!(ClientAddress::parse(text).unwrap().to_string(), text);
        }
        for other in ["", "203.0.113.7/64", "2001:db8::1", "2001:db8::1/64", "localhost"] {
            assert_eq!(ClientAddress::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_user_agent_is_one_short_line() {
        assert_eq!(UserAgent::new(" curl/8\r\nX: y\u{1b}[31m ").unwrap().as_str(), "curl/8X: y[31m");
        assert_eq!(UserAgent::new("\r\n \t"), None);
        assert_eq!(UserAgent::new(&"ł".repeat(1000)).unwrap().as_str().chars().count(), UserAgent::MAX_LENGTH);
    }
}
