use std::collections::BTreeMap;

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use contacts_domain::{
    ids::{SessionId, UserId},
    session::CurrentUser,
    user::User,
};
use paperclip::{
    actix::OperationModifier,
    v2::{
        models::{DefaultOperationRaw, DefaultSchemaRaw},
        schema::Apiv2Schema,
    },
};

use super::{Input, Reading};
use crate::{
    openapi,
    problem::{Code, Problem},
    state::State,
};

/// A request from a user: a bearer token is checked before anything else is read.
pub(crate) struct Authenticated<I> {
    pub(crate) user: User,
    pub(crate) session: SessionId,
    pub(crate) input: I,
}

impl<I: Input + 'static> FromRequest for Authenticated<I> {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let recognised = request.extensions_mut().remove::<Recognised>();
            let CurrentUser { user, session } = match recognised {
                Some(Recognised(found)) => found?,
                None => authenticate(&request).await?,
            };
            request.extensions_mut().insert(Asker(user.id));
            let input = I::read(&request, &mut payload).await?;
            Ok(Self { user, session, input })
        })
    }
}

/// Who asks, for inputs of which a user has so many at once.
pub(crate) struct Asker(pub(crate) UserId);

impl Asker {
    pub(super) fn of(request: &HttpRequest) -> Result<UserId, Problem> {
        let asker = request.extensions().get().map(|Self(user)| *user);
        asker.ok_or_else(|| Problem::internal("nobody is known to ask"))
    }
}

/// What [`recognise`] found out, kept for the handler.
struct Recognised(Result<CurrentUser, Problem>);

/// Finds out who sends a request, for a middleware that must know before its handler does. Whatever comes
/// of it is kept: [`Authenticated`] does not ask again.
pub(crate) async fn recognise(request: &HttpRequest) -> Option<UserId> {
    let found = authenticate(request).await;
    let user = found.as_ref().ok().map(|current| current.user.id);
    request.extensions_mut().insert(Recognised(found));
    user
}

async fn authenticate(request: &HttpRequest) -> Result<CurrentUser, Problem> {
    let token = bearer_token(request).ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let state = request.app_data::<Data<State>>().ok_or_else(|| Problem::internal("the state is missing"))?;
    state.in_place(move |application| async move { application.sessions.authenticate.execute(&token).await }).await
}

/// The token of `Authorization: Bearer ...` (RFC 6750 section 2.1); the scheme's case is ignored.
fn bearer_token(request: &HttpRequest) -> Option<String> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let value = headers.next()?.to_str().ok()?;
    // Of two headers nobody could say which one counts.
    if headers.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

impl<I> Apiv2Schema for Authenticated<I> {}

impl<I: Input> OperationModifier for Authenticated<I> {
    fn update_parameter(operation: &mut DefaultOperationRaw) {
        openapi::refuse(operation, &[Code::RateLimited, Code::Unauthenticated, Code::InvalidToken]);
        I::describe(operation);
        openapi::refuse_always(operation);
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        I::define(schemas);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn token(headers: &[&str]) -> Option<String> {
        let mut request = TestRequest::default();
        for value in headers {
            request = request.append_header((header::AUTHORIZATION, *value));
        }
        bearer_token(&request.to_http_request())
    }

    #[test]
    fn only_one_bearer_token_counts() {
        assert_eq!(token(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(token(&["bearer  abc "]).as_deref(), Some("abc"));
        for headers in [&[][..], &[""], &["Bearer"], &["Bearer "], &["Basic abc"], &["Bearer a", "Bearer b"]] {
            assert_eq!(token(headers), None, "{headers:?}");
        }
    }
}
