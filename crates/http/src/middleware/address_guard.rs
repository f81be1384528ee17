//! The outer guard: how often one client address may ask, counted in this process, before anything is
//! looked at. It keeps floods out; what a user may do is counted by `limit_user` and the use cases.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use actix_governor::{
    Governor, GovernorConfig, GovernorConfigBuilder, KeyExtractor,
    governor::{
        NotUntil,
        clock::{Clock, DefaultClock, QuantaInstant},
        middleware::NoOpMiddleware,
    },
};
use actix_web::{HttpResponse, HttpResponseBuilder, dev::ServiceRequest, http::Method, middleware::Condition};
use contacts_domain::{
    caller::ClientAddress,
    ports::{Event, Limit, Meter, Ruling},
    rate_limit::RateLimit,
};

use crate::{
    input::client_address,
    problem::{Code, Problem},
    state::Settings,
};

/// How often addresses are forgotten that have been quiet for long enough.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// Routes that share a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Area {
    /// What proves who somebody is: passwords, tokens, mailed links.
    Auth,
    /// The rest of the API.
    Contacts,
}

impl Area {
    /// `None` where nothing is limited. `path` is decoded, as the router sees it: who writes it in another
    /// way comes to the same route and to the same limit.
    fn of(method: &Method, path: &str) -> Option<Self> {
        let below = |root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match path {
            "/verify-email" | "/reset-password" => Some(Self::Auth),
            "/api/v1/users/me/password" | "/api/v1/users/me/email" | "/api/v1/users/me/delete"
                if *method == Method::POST =>
            {
                Some(Self::Auth)
            }
            _ if below("/api/v1/auth") => Some(Self::Auth),
            _ if below("/api/v1") => Some(Self::Contacts),
            _ => None,
        }
    }
}

/// Names the bucket that a request takes from: none where it comes to another area.
#[derive(Clone)]
pub(crate) struct Bucket {
    area: Area,
    trusted_proxies: usize,
    meter: Option<Arc<dyn Meter>>,
}

impl KeyExtractor for Bucket {
    type Key = Option<ClientAddress>;
    type KeyExtractionError = Infallible;

    fn extract(&self, request: &ServiceRequest) -> Result<Self::Key, Self::KeyExtractionError> {
        let is_here = Area::of(request.method(), request.match_info().as_str()) == Some(self.area);
        Ok(is_here.then(|| client_address(request.head(), self.trusted_proxies)))
    }

    fn whitelisted_keys(&self) -> Vec<Self::Key> {
        vec![None]
    }

    fn exceed_rate_limit_response(&self, refused: &NotUntil<QuantaInstant>, _: HttpResponseBuilder) -> HttpResponse {
        if let Some(meter) = &self.meter {
            meter.note(&Event::Limited { limit: Limit::Address, ruling: Ruling::Refused });
        }
        let wait = refused.wait_time_from(DefaultClock::default().now());
        Problem::new(Code::RateLimited).retry_after(wait).carried()
    }
}

type Config = GovernorConfig<Bucket, NoOpMiddleware>;

/// Both guards, shared by all workers.
#[derive(Clone)]
pub(crate) struct AddressGuards {
    auth: Config,
    contacts: Config,
    on: bool,
}

impl AddressGuards {
    /// The meter is told of every refusal.
    pub(crate) fn new(settings: &Settings, meter: Option<&Arc<dyn Meter>>) -> io::Result<Self> {
        let Settings { limits, trusted_proxies, .. } = settings;
        let config = |area, limit: Option<RateLimit>| {
            let bucket = Bucket { area, trusted_proxies: *trusted_proxies, meter: meter.cloned() };
            let mut builder = GovernorConfigBuilder::default().key_extractor(bucket);
            if let Some(limit) = limit {
                builder.period(limit.interval()).burst_size(limit.burst().get());
            }
            builder.finish().ok_or_else(|| io::Error::other("a limit that lets nothing through"))
        };
        Ok(Self {
            auth: config(Area::Auth, limits.map(|limits| limits.auth))?,
            contacts: config(Area::Contacts, limits.map(|limits| limits.contacts))?,
            on: limits.is_some(),
        })
    }

    pub(crate) fn auth(&self) -> Condition<Governor<Bucket, NoOpMiddleware>> {
        Condition::new(self.on, Governor::new(&self.auth))
    }

    pub(crate) fn contacts(&self) -> Condition<Governor<Bucket, NoOpMiddleware>> {
        Condition::new(self.on, Governor::new(&self.contacts))
    }

    /// Forgets, from time to time, the addresses whose buckets are full again. Never ends.
    pub(crate) async fn keep_tidy(&self) -> Infallible {
        loop {
            tokio::time::sleep(TIDY_EVERY).await;
            for limiter in [self.auth.limiter(), self.contacts.limiter()] {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_a_password_has_a_limit_of_its_own() {
        let area = |method, path| Area::of(&method, path);
        for path in ["/api/v1/auth/login", "/api/v1/auth/nowhere", "/api/v1/auth", "/verify-email", "/reset-password"] {
            assert_eq!(area(Method::POST, path), Some(Area::Auth), "{path}");
        }
        for path in ["/api/v1/users/me/password", "/api/v1/users/me/email", "/api/v1/users/me/delete"] {
            assert_eq!(area(Method::POST, path), Some(Area::Auth), "{path}");
            assert_eq!(area(Method::GET, path), Some(Area::Contacts), "{path}");
        }
        for path in ["/api/v1/contacts", "/api/v1/contacts/birthdays", "/api/v1/users/me", "/api/v1/authors"] {
            assert_eq!(area(Method::GET, path), Some(Area::Contacts), "{path}");
        }
    }

    #[test]
    fn what_surrounds_the_api_is_not_limited() {
        for path in ["/healthz", "/readyz", "/docs", "/openapi.json", "/errors/not_found", "/media/avatars/a.jpg"] {
            assert_eq!(Area::of(&Method::GET, path), None, "{path}");
        }
    }
}
