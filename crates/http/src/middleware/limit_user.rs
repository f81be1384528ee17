use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use contacts_application::limits::Counted;
use contacts_domain::rate_limit::Verdict;

use crate::{
    input::recognise,
    problem::{Code, Problem, whole_seconds},
    state::State,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Counts the requests of a user, refuses what is too much before anything else is looked at, and says in
/// every answer what is left. A request of nobody is left to its handler, which refuses it.
pub(crate) async fn limit_user<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(counted) = count(&request).await else {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    };
    let mut response = match counted.decision.verdict {
        Verdict::Allowed => next.call(request).await?.map_into_left_body(),
        Verdict::Refused { retry_after } => {
            let refusal = Problem::new(Code::RateLimited).retry_after(retry_after);
            request.error_response(refusal).map_into_right_body()
        }
    };
    announce(&counted, response.headers_mut());
    Ok(response)
}

/// `None` where nobody is known to ask, there is no limit, or it cannot be told.
async fn count(request: &ServiceRequest) -> Option<Counted> {
    let user = recognise(request.request()).await?;
    let state = request.app_data::<Data<State>>()?;
    let counted = state
        .in_place(move |application| async move { Ok(application.limits.count_contact_request.execute(user).await) })
        .await;
    match counted {
        Ok(counted) => counted,
        // A limit protects the service, and must not be what stops it.
        Err(failure) => {
            tracing::warn!(cause = failure.cause(), "a request was not counted");
            None
        }
    }
}

/// draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it.
fn announce(counted: &Counted, headers: &mut HeaderMap) {
    let Counted { limit, decision } = counted;
    let policy = format!("\"contacts\";q={};w={}", limit.burst(), whole_seconds(limit.window()));
    let reset = decision.reset.as_secs() + u64::from(decision.reset.subsec_nanos() > 0);
    let state = format!("\"contacts\";r={};t={reset}", decision.remaining);
    for (name, value) in [(POLICY, policy), (STATE, state)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}
