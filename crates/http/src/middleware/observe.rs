use std::time::Instant;

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS},
    middleware::Next,
    web::Data,
};
use tracing::Instrument;

use crate::{
    problem::{Code, Problem},
    state::State,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request its id, writes refusals, and logs how it ended: the route's pattern, never the
/// path or the query, for they name people.
pub(crate) async fn observe<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = request.app_data::<Data<State>>().cloned() else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let started = Instant::now();
    let id = sane_request_id(&request).unwrap_or_else(|| state.new_request_id());
    let method = request.method().clone();
    let span = tracing::info_span!("request", request_id = %id);
    // Handlers and inputs answer their errors; only a middleware could return one, and ours do not.
    let mut response = next.call(request).instrument(span.clone()).await?.map_into_boxed_body();
    let _entered = span.enter();
    response = written(response, &state, &id);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let route = response.request().match_pattern();
    tracing::info!(
        %method,
        route = route.as_deref().unwrap_or("none"),
        status = response.status().as_u16(),
        milliseconds = started.elapsed().as_secs_f64() * 1000.0,
        "answered"
    );
    Ok(response)
}

/// Replaces the response of an error by the problem that it stands for.
fn written(response: ServiceResponse<BoxBody>, state: &State, id: &str) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else {
        return response;
    };
    let fallback;
    let problem = match error.as_error::<Problem>() {
        Some(problem) => problem,
        // Only the framework itself makes other errors.
        None => {
            let status = error.as_response_error().status_code();
            let code = Code::ALL.iter().find(|code| code.status() == status && status.is_client_error());
            fallback = match code {
                Some(code) => Problem::new(*code),
                None => Problem::internal(error.to_string()),
            };
            &fallback
        }
    };
    if problem.code().status().is_server_error() {
        tracing::error!(code = problem.code().as_str(), cause = problem.cause(), "failed");
    }
    let rendered = problem.render(state.public_url(), id);
    response.into_response(rendered)
}

/// The client's own id, if it is short and plain enough for a log.
fn sane_request_id(request: &ServiceRequest) -> Option<String> {
    let text = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sane = (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte));
    sane.then(|| text.to_owned())
}
