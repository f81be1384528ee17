use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{StatusCode, header},
    middleware::Next,
    web::Bytes,
};
use futures_util::{Stream, StreamExt};

/// How much of a body that nobody wanted is read, and for how long.
const MAX_BYTES: usize = 32 * 1024 * 1024;
const MAX_TIME: Duration = Duration::from_secs(10);

/// Reads what a refusal left of the request's body. A client that is still sending when the
/// connection closes may never see why: its own write fails first.
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
    let too_slow = response.status() == StatusCode::REQUEST_TIMEOUT;
    if response.status().is_client_error() && !too_slow {
        let mut rest = SharedPayload(shared);
        let reading = async {
            let mut bytes = 0;
            while let Some(Ok(chunk)) = rest.next().await {
                bytes += chunk.len();
                if bytes > MAX_BYTES {
                    break;
                }
            }
        };
        // Whoever takes longer than this is not waiting for an answer.
        let _ = tokio::time::timeout(MAX_TIME, reading).await;
    }
    Ok(response)
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
    use futures_util::stream;

    use super::*;

    #[actix_web::test]
    async fn after_an_error_a_payload_has_ended() {
        let broken = stream::iter([Err(PayloadError::EncodingCorrupted)]).chain(stream::pending());
        let broken: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(broken);
        let payload = Payload::Stream { payload: broken };
        let mut shared = SharedPayload(Rc::new(RefCell::new(Some(payload))));
        assert!(matches!(shared.next().await, Some(Err(_))));
        assert!(shared.next().await.is_none());
    }
}
