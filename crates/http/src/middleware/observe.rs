use std::time::{Duration, Instant};

use actix_cors::CorsError;
use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use contacts_domain::ports::Event;
use tracing::{Instrument, Level};

use super::security_headers::secure;
use crate::{
    pages,
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
    // A span of a lower level would be missing where only failures are logged.
    let span = tracing::error_span!("request", request_id = %id);
    // Handlers and inputs answer their errors; only a middleware could return one, and ours do not.
    let mut response = next.call(request).instrument(span.clone()).await?.map_into_boxed_body();
    let _entered = span.enter();
    response = written(response, &state, &id);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    secure(&mut response, &state);
    if state.draining().has_begun() {
        // The next request comes on a new connection, and so to a process that stays.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    report(&response, &state, &method, started.elapsed());
    Ok(response)
}

/// Tells the log and the meter how a request ended, where anybody listens.
fn report(response: &ServiceResponse<BoxBody>, state: &State, method: &Method, took: Duration) {
    let is_logged = tracing::enabled!(Level::INFO);
    if !is_logged && state.meter().is_none() {
        return;
    }
    let route = response.request().match_pattern();
    let (route, status) = (route.as_deref().unwrap_or("none"), response.status().as_u16());
    if let Some(meter) = state.meter() {
        meter.note(&Event::Answered { method: known(method), route, status, took });
    }
    if is_logged {
        tracing::info!(%method, route, status, milliseconds = took.as_secs_f64() * 1000.0, "answered");
    }
}

/// Anybody can think of a method: those of no route are counted as one.
fn known(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::OPTIONS => {
            method.as_str()
        }
        _ => "other",
    }
}

/// Replaces the response of an error by the problem that it stands for. Headers that were added on the way
/// stay: an answer that a page may not read, or a limit that is not told, would be of little use.
fn written(mut response: ServiceResponse<BoxBody>, state: &State, id: &str) -> ServiceResponse<BoxBody> {
    let carried = response.response_mut().extensions_mut().remove::<Problem>();
    let owned;
    let problem = match (carried, response.response().error()) {
        (None, None) => return response,
        (Some(carried), _) => {
            owned = carried;
            &owned
        }
        (None, Some(error)) => match error.as_error::<Problem>() {
            Some(problem) => problem,
            None => {
                owned = foreign(error);
                &owned
            }
        },
    };
    log(problem);
    let request = response.request();
    let mut rendered = match pages::PATHS.contains(&request.match_info().as_str()) {
        true => pages::refusal(request, problem),
        false => problem.render(state.public_url(), id),
    };
    let added: Vec<_> = response.headers().iter().filter(|(name, _)| !rendered.headers().contains_key(*name)).collect();
    for (name, value) in added {
        rendered.headers_mut().append(name.clone(), value.clone());
    }
    response.into_response(rendered)
}

/// Logs what is for an operator: an error is a fault to look for. That more comes than can be done is no fault, though
/// an operator may want more replicas; that the service ends is what they asked for. A client's fault is for the client.
fn log(problem: &Problem) {
    let code = problem.code();
    match code {
        Code::Busy => tracing::warn!(code = code.as_str(), "too busy"),
        Code::ShuttingDown => {}
        _ if code.status().is_server_error() => {
            tracing::error!(code = code.as_str(), cause = problem.cause(), "failed")
        }
        _ => {}
    }
}

/// The problem that an error of the framework stands for.
fn foreign(error: &Error) -> Problem {
    if let Some(refused) = error.as_error::<CorsError>() {
        return Problem::new(Code::CorsRefused).with_detail(format!("{refused}."));
    }
    let status = error.as_response_error().status_code();
    match Code::ALL.iter().find(|code| code.status() == status && status.is_client_error()) {
        Some(code) => Problem::new(*code),
        None => Problem::internal(error.to_string()),
    }
}

/// The client's own id, if it is short and plain enough for a log.
fn sane_request_id(request: &ServiceRequest) -> Option<String> {
    let text = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sane = (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte));
    sane.then(|| text.to_owned())
}
