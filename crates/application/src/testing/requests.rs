//! Requests that come with an `Idempotency-Key`.

use std::sync::Arc;

use contacts_domain::idempotency::{Fingerprint, IdempotencyKey, IdempotentRequest, KeptAnswer, Reserved};

use super::{FakeStore, ada};
use crate::contacts::Once;

/// A request of Ada's that is to happen once.
pub(crate) fn a_request() -> IdempotentRequest {
    IdempotentRequest {
        user: ada().id,
        operation: "POST /contacts".into(),
        key: IdempotencyKey::parse("key").unwrap(),
        fingerprint: Fingerprint([7; 32]),
    }
}

/// An answer with this body.
pub(crate) fn an_answer(body: impl Into<Vec<u8>>) -> KeptAnswer {
    KeptAnswer { status: 201, location: None, entity_tag: None, body: body.into() }
}

/// The sample request, whose answer is written so.
pub(crate) fn once<T>(render: impl Fn(&T) -> KeptAnswer + Send + Sync + 'static) -> Option<Once<T>> {
    Some(Once { request: a_request(), render: Box::new(render) })
}

/// A store in which the sample request was answered before, by this.
pub(crate) fn answered(body: &'static str) -> Arc<FakeStore> {
    FakeStore::writing(move |work| {
        let reserve = work.idempotency.expect_reserve().times(1);
        reserve
            .withf(|reservation| reservation.request == a_request())
            .returning(move |_| Ok(Some(Reserved::Answered(an_answer(body)))));
    })
}
