//! Whether the service is alive, and whether it can work.

use actix_web::http::Method;
use paperclip::actix::{
    api_v2_operation,
    web::{self, Data, ServiceConfig},
};

use super::resource;
use crate::{
    dto::service::Health,
    input::{Anonymous, NoQuery},
    problem::{Code, Problem},
    responder::{Answer, Refusals, Refused},
    state::State,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(resource("/healthz", [(Method::GET, web::get().to(alive))]))
        .service(resource("/readyz", [(Method::GET, web::get().to(ready))]));
}

/// Whether the service is alive
///
/// It stays so while what it needs is away: a restart would not help.
#[api_v2_operation(tags(Service), operation_id = "getHealth")]
async fn alive(_: Anonymous<NoQuery>) -> Result<Answer<Health>, Refused> {
    Ok(Answer::found(Health { status: "ok" }))
}

struct Ending;

impl Refusals for Ending {
    const CODES: &'static [Code] = &[Code::ShuttingDown];
}

/// Whether the service can work
///
/// That is, whether the database answers, and the service is not about to end.
#[api_v2_operation(tags(Service), operation_id = "getReadiness")]
async fn ready(state: Data<State>, _: Anonymous<NoQuery>) -> Result<Answer<Health>, Refused<Ending>> {
    if state.draining().has_begun() {
        return Err(Problem::shutting_down().into());
    }
    state.run(|application| async move { application.health.check_readiness.execute().await }).await?;
    Ok(Answer::found(Health { status: "ok" }))
}
