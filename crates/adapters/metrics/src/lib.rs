//! What happens in the service, counted for Prometheus.
//!
//! | port | adapter |
//! |---|---|
//! | `Meter`, `MetricsReader` | [`PrometheusMeter`]: counters, histograms and gauges, read as OpenMetrics text |
//! | `UserCache`, `RateLimiter`, `UnitOfWorkFactory` | [`metered`]: another adapter of the same port, and a meter that is told of it |
//!
//! Where nobody collects metrics nothing of this is there: an adapter is used bare.

pub mod metered;
mod prometheus;

pub use prometheus::PrometheusMeter;
