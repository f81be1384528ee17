//! The figures, as Prometheus reads them.

use std::sync::atomic::AtomicU64;

use contacts_domain::ports::{Event, Exposition, Limit, Meter, MetricsReader, Ruling};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};

/// Upper bounds in seconds: of a read that is in memory, up to the deadline of a request.
const SECONDS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0];

/// Counts what it is told.
///
/// ```
/// use std::time::Duration;
///
/// use contacts_domain::ports::{Event, Meter, MetricsReader};
/// use contacts_metrics::PrometheusMeter;
///
/// let meter = PrometheusMeter::new("0.1.0");
/// let (method, route, took) = ("GET", "/api/v1/contacts/{id}", Duration::from_millis(3));
/// meter.note(&Event::Answered { method, route, status: 200, took });
/// meter.note(&Event::CacheHit);
///
/// let text = meter.read().text;
/// let has = |line: &str| text.lines().any(|found| found == line);
/// assert!(has(r#"contacts_http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="200"} 1"#));
/// assert!(has(r#"contacts_user_cache_requests_total{result="hit"} 1"#));
/// ```
pub struct PrometheusMeter {
    registry: Registry,
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram>,
    cache: Family<CacheResult, Counter>,
    limits: Family<Decision, Counter>,
    waits: Histogram,
    outbox: Family<MailState, Gauge>,
    outbox_age: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CacheResult {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decision {
    limit: &'static str,
    decision: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MailState {
    state: &'static str,
}

impl PrometheusMeter {
    /// `version` is that of the service.
    pub fn new(version: &'static str) -> Self {
        let mut registry = Registry::with_prefix("contacts");
        registry.register("build", "The service that is running", Info::new([("version", version)]));
        let meter = Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            cache: Family::default(),
            limits: Family::default(),
            waits: histogram(),
            outbox: Family::default(),
            outbox_age: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Requests that were answered", meter.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "From the head of a request to the head of its answer",
            Unit::Seconds,
            meter.durations.clone(),
        );
        registry.register("user_cache_requests", "What the cache of current users was asked", meter.cache.clone());
        registry.register("rate_limit_decisions", "What limiters decided", meter.limits.clone());
        registry.register_with_unit(
            "transaction_wait",
            "How long transactions waited for a connection, or for the one writer, before they began",
            Unit::Seconds,
            meter.waits.clone(),
        );
        registry.register("outbox_mails", "Mails that are to be sent, or were given up", meter.outbox.clone());
        registry.register_with_unit(
            "outbox_oldest_mail_age",
            "How long ago the oldest mail was ordered that is to be sent",
            Unit::Seconds,
            meter.outbox_age.clone(),
        );
        Self { registry, ..meter }
    }
}

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

impl Meter for PrometheusMeter {
    fn note(&self, event: &Event<'_>) {
        match event {
            Event::Answered { method, route, status, took } => {
                let (method, route) = ((*method).to_owned(), (*route).to_owned());
                let timed = Route { method: method.clone(), route: route.clone() };
                self.durations.get_or_create(&timed).observe(took.as_secs_f64());
                self.requests.get_or_create(&Request { method, route, status: *status }).inc();
            }
            Event::CacheHit => _ = self.cache.get_or_create(&CacheResult { result: "hit" }).inc(),
            Event::CacheMiss => _ = self.cache.get_or_create(&CacheResult { result: "miss" }).inc(),
            Event::Limited { limit, ruling } => {
                let decision = Decision { limit: name_of_limit(*limit), decision: name_of_ruling(*ruling) };
                self.limits.get_or_create(&decision).inc();
            }
            Event::TransactionAwaited { waited } => self.waits.observe(waited.as_secs_f64()),
            Event::Outbox { backlog, oldest } => {
                for (state, mails) in [("waiting", backlog.waiting), ("given_up", backlog.given_up)] {
                    self.outbox.get_or_create(&MailState { state }).set(i64::try_from(mails).unwrap_or(i64::MAX));
                }
                self.outbox_age.set(oldest.as_secs_f64());
            }
        }
    }
}

impl MetricsReader for PrometheusMeter {
    fn read(&self) -> Exposition {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = encode(&mut text, &self.registry);
        Exposition { media_type: "application/openmetrics-text; version=1.0.0; charset=utf-8", text }
    }
}

const fn name_of_limit(limit: Limit) -> &'static str {
    match limit {
        Limit::Address => "address",
        Limit::Contacts => "contacts",
        Limit::Login => "login",
        Limit::Refresh => "refresh",
        Limit::Password => "password",
    }
}

const fn name_of_ruling(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Allowed => "allowed",
        Ruling::Refused => "refused",
        Ruling::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use contacts_domain::mail::Backlog;

    use super::*;

    fn lines(events: &[Event<'_>]) -> Vec<String> {
        let meter = PrometheusMeter::new("1.2.3");
        for event in events {
            meter.note(event);
        }
        let text = meter.read().text;
        assert!(text.ends_with("# EOF\n"), "{text}");
        text.lines().map(str::to_owned).collect()
    }

    fn has(events: &[Event<'_>], expected: &[&str]) {
        let lines = lines(events);
        for line in expected {
            assert!(lines.iter().any(|found| found == line), "{line} is missing in {lines:#?}");
        }
    }

    #[test]
    fn requests_are_counted_by_route_and_status_and_timed_by_route() {
        let answered = |status, milliseconds| Event::Answered {
            method: "GET",
            route: "/api/v1/contacts/{id}",
            status,
            took: Duration::from_millis(milliseconds),
        };
        has(
            &[answered(200, 2), answered(200, 20), answered(404, 2)],
            &[
                r#"contacts_http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="200"} 2"#,
                r#"contacts_http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="404"} 1"#,
                r#"contacts_http_request_duration_seconds_count{method="GET",route="/api/v1/contacts/{id}"} 3"#,
                r#"contacts_http_request_duration_seconds_bucket{le="0.0025",method="GET",route="/api/v1/contacts/{id}"} 2"#,
                r#"contacts_http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/api/v1/contacts/{id}"} 3"#,
            ],
        );
    }

    #[test]
    fn what_caches_and_limiters_answer_is_counted() {
        has(
            &[
                Event::CacheHit,
                Event::CacheMiss,
                Event::CacheHit,
                Event::Limited { limit: Limit::Login, ruling: Ruling::Refused },
                Event::Limited { limit: Limit::Contacts, ruling: Ruling::Unknown },
            ],
            &[
                r#"contacts_user_cache_requests_total{result="hit"} 2"#,
                r#"contacts_user_cache_requests_total{result="miss"} 1"#,
                r#"contacts_rate_limit_decisions_total{limit="login",decision="refused"} 1"#,
                r#"contacts_rate_limit_decisions_total{limit="contacts",decision="unknown"} 1"#,
            ],
        );
    }

    #[test]
    fn what_waits_is_measured() {
        let backlog = Backlog { waiting: 3, oldest: None, given_up: 1 };
        has(
            &[
                Event::TransactionAwaited { waited: Duration::from_millis(3) },
                Event::Outbox { backlog: Backlog { waiting: 9, ..backlog.clone() }, oldest: Duration::from_secs(9) },
                Event::Outbox { backlog, oldest: Duration::from_millis(1500) },
            ],
            &[
                r#"contacts_transaction_wait_seconds_bucket{le="0.0025"} 0"#,
                r#"contacts_transaction_wait_seconds_bucket{le="0.005"} 1"#,
                r#"contacts_outbox_mails{state="waiting"} 3"#,
                r#"contacts_outbox_mails{state="given_up"} 1"#,
                "contacts_outbox_oldest_mail_age_seconds 1.5",
            ],
        );
    }

    #[test]
    fn the_version_is_told() {
        has(&[], &[r#"contacts_build_info{version="1.2.3"} 1"#]);
    }
}
