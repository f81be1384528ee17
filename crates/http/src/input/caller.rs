use std::net::{IpAddr, Ipv4Addr};

use actix_web::{
    HttpRequest,
    dev::{Payload, RequestHead},
    http::header::{self, HeaderName},
    web::Data,
};
use contacts_domain::caller::{Caller, ClientAddress, UserAgent};
use paperclip::v2::models::DefaultOperationRaw;

use super::Input;
use crate::{problem::Problem, state::State};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request comes from.
pub(crate) struct CallerInfo(pub(crate) Caller);

impl Input for CallerInfo {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let state = request.app_data::<Data<State>>().ok_or_else(|| Problem::internal("the state is missing"))?;
        let address = client_address(request.head(), state.trusted_proxies());
        let user_agent = request.headers().get(header::USER_AGENT);
        let user_agent = user_agent.and_then(|value| UserAgent::new(&String::from_utf8_lossy(value.as_bytes())));
        Ok(Self(Caller { address, user_agent }))
    }

    fn describe(_: &mut DefaultOperationRaw) {}
}

/// The address of the client, seen through as many proxies as the deployment trusts: each of them has
/// noted who called it, to the right of what it was sent, so that everything further left is hearsay.
pub(crate) fn client_address(head: &RequestHead, trusted_proxies: usize) -> ClientAddress {
    // Only a test without a connection has no peer.
    let mut client = head.peer_addr.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    // A byte that is no text spoils its own entry, and none to its right.
    let headers: Vec<_> =
        head.headers().get_all(FORWARDED_FOR).map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let hops = headers.iter().rev().flat_map(|value| value.rsplit(','));
    for hop in hops.take(trusted_proxies) {
        match address(hop.trim()) {
            Some(address) => client = address,
            // A proxy that cannot be understood is the last one that is known.
            None => break,
        }
    }
    ClientAddress::new(client)
}

/// An address as proxies write it: bare, with a port, or of IPv6 in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let host = match text.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => text,
    };
    host.parse().ok().or_else(|| Some(text.parse::<std::net::SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(forwarded: &[&str], trusted_proxies: usize) -> String {
        let mut request = TestRequest::default().peer_addr("192.0.2.1:4711".parse().unwrap());
        for value in forwarded {
            request = request.append_header((FORWARDED_FOR, *value));
        }
        client_address(request.to_http_request().head(), trusted_proxies).to_string()
    }

    #[test]
    fn nobody_is_believed_where_no_proxy_is_trusted() {
        assert_eq!(seen(&["203.0.113.7"], 0), "192.0.2.1");
    }

    #[test]
    fn as_many_are_believed_as_are_trusted_counted_from_the_right() {
        let forwarded = ["198.51.100.9, 203.0.113.7", "203.0.113.8"];
        assert_eq!(seen(&forwarded, 1), "203.0.113.8");
        assert_eq!(seen(&forwarded, 2), "203.0.113.7");
        assert_eq!(seen(&forwarded, 9), "198.51.100.9");
    }

    #[test]
    fn addresses_come_with_ports_and_brackets() {
        assert_eq!(seen(&["203.0.113.7:4711"], 1), "203.0.113.7");
        assert_eq!(seen(&["[2001:db8:1:2::3]:4711"], 1), "2001:db8:1:2::/64");
        assert_eq!(seen(&["2001:db8:1:2::3"], 1), "2001:db8:1:2::/64");
    }

    #[test]
    fn what_is_no_address_is_not_believed() {
        for nonsense in ["", "unknown", "203.0.113.7, ", "203.0.113.7, x"] {
            assert_eq!(seen(&[nonsense], 1), "192.0.2.1", "{nonsense}");
        }
        assert_eq!(seen(&["x, 203.0.113.7"], 2), "203.0.113.7");
    }
}
