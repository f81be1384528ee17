use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::header,
    middleware::Next,
    web::Bytes,
};
use futures_util::{FutureExt as _, Stream, StreamExt};

/// How much of a body that nobody wanted is read before the answer.
const MAX_BYTES: usize = 256 * 1024;

/// Reads what an answer left of the request's body, as far as it has come, so that the connection serves the next
/// request. Nobody waits for the rest: the answer says that the connection closes (RFC 9112 section 9.3), and the
/// server reads on for a while after it. A client that is still sending when the connection closes
/// may never see why: its own write fails first (section 9.6).
pub(crate) async fn drain<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let headers = request.headers();
    if !headers.contains_key(header::CONTENT_LENGTH) && !headers.contains_key(header::TRANSFER_ENCODING) {
        return next.call(request).await;
    }
    let shared = Rc::new(RefCell::new(Some(request.take_payload())));
    request.set_payload(Payload::Stream { payload: Box::pin(SharedPayload(shared.clone())) });
    let response = next.call(request).await?;
    discard(SharedPayload(shared)).await;
    Ok(response)
}

/// Reads what is there.
async fn discard(mut body: SharedPayload) {
    let (mut bytes, mut was_fed) = (0, true);
    while bytes <= MAX_BYTES {
        match body.next().now_or_never() {
            Some(Some(Ok(chunk))) => (bytes, was_fed) = (bytes + chunk.len(), true),
            Some(None | Some(Err(_))) => return,
            // The connection hands over what it has received when it has its turn.
            None if was_fed => {
                tokio::task::yield_now().await;
                was_fed = false;
            }
            None => return,
        }
    }
}

/// A payload that its handler reads first, and this middleware afterwards; `None` once it has ended.
struct SharedPayload(Rc<RefCell<Option<Payload>>>);

impl Stream for SharedPayload {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut shared = self.0.borrow_mut();
        let Some(payload) = shared.as_mut() else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(payload).poll_next(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            // After an error nothing would ever come.
            *shared = None;
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::{poll, stream};

    use super::*;

    fn shared(stream: impl Stream<Item = Result<Bytes, PayloadError>> + 'static) -> SharedPayload {
        let payload: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(stream);
        SharedPayload(Rc::new(RefCell::new(Some(Payload::Stream { payload }))))
    }

    fn chunks(number: usize) -> impl Stream<Item = Result<Bytes, PayloadError>> {
        stream::repeat_with(|| Ok(Bytes::from_static(&[7; 1024]))).take(number)
    }

    #[actix_web::test]
    async fn nobody_waits_for_a_body_that_does_not_come() {
        for sent in [0, 1, 3] {
            let mut reading = pin!(discard(shared(chunks(sent).chain(stream::pending()))));
            assert!(poll!(&mut reading).is_pending(), "the connection has its turn");
            assert!(poll!(&mut reading).is_ready(), "and then it is over");
        }
    }

    #[actix_web::test]
    async fn what_has_come_is_read_to_its_end_within_bounds() {
        let read = async |number: usize| {
            let body = shared(chunks(number));
            discard(SharedPayload(body.0.clone())).await;
            body.0.borrow().is_none()
        };
        assert!(read(0).await && read(256).await, "the connection goes on");
        assert!(!read(1000).await, "the connection closes");
    }

    #[actix_web::test]
    async fn after_an_error_a_payload_has_ended() {
        let broken = stream::iter([Err(PayloadError::EncodingCorrupted)]).chain(stream::pending());
        let mut shared = shared(broken);
        assert!(matches!(shared.next().await, Some(Err(_))));
        assert!(shared.next().await.is_none());
    }
}
