//! The REST face: routes, bodies, problems, the OpenAPI document; and the pages behind mailed links.
//!
//! A request comes in through `middleware`, is routed in `routes` (one file a verb), read by the
//! `input`s that its handler names, handed to a use case in a task of its own ([`State`]), and
//! answered by a `responder` or refused by a `problem`. No rule of the product is decided here.
//!
//! | to find | look in |
//! |---|---|
//! | what a status or a code means | `problem::code` |
//! | how a body is read | `json`, `input::body`, `dto` |
//! | in which order refusals come | `input` |
//! | what makes a request happen once | `input::keyed`, `responder::once` |
//! | what people see who open a mailed link | `pages`, `routes::pages` |
//! | what every answer carries | `middleware::observe`, `middleware::security_headers` |
//! | how much is done at once | `places`, `handover` |
//! | who may ask how often | `middleware::address_guard`, `middleware::limit_user` |
//! | what is counted, and who may collect it | `middleware::observe`, `metrics` |
//! | how the service ends | `server`, `draining` |
//! | the OpenAPI document | `openapi_document`, `openapi` |
//!
//! **To add an endpoint:** write `routes/<area>/<verb>.rs` after the model of its neighbours and add
//! it to `routes/<area>/mod.rs`. Its inputs, its answer and its refusals document it.
//!
//! Deliberately absent: adapters, SQL, any status outside `problem`, `responder` and `pages`.

mod draining;
mod dto;
mod handover;
mod input;
mod json;
mod last_connections;
mod media_types;
mod metrics;
mod middleware;
mod openapi;
mod openapi_document;
mod pages;
mod places;
mod problem;
mod responder;
mod routes;
mod server;
mod state;
#[cfg(test)]
mod tests;
mod to_its_end;

pub use self::{
    metrics::{Metrics, serve_metrics},
    openapi_document::openapi_document,
    problem::{ProblemCode, problem_codes},
    server::{Server, Stopper, serve},
    state::{AddressLimits, Settings, State},
};
