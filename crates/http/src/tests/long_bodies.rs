//! Long bodies that are being read: not too many at once.

use std::pin::Pin;

use actix_web::{
    dev::Payload,
    error::PayloadError,
    test::TestRequest,
    web::{Bytes, Data},
};
use contacts_domain::batch::BatchRequest;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::oneshot;

use super::world::World;
use crate::{
    input::{BatchJson, Input as _, Keyed, Upload},
    problem::{Code, Problem},
    state::State,
};

const BEGIN: &str = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n12";
const END: &str = "34\r\n--edge--\r\n";

/// An upload whose client has sent the beginning.
struct Hanging {
    rest: oneshot::Sender<&'static str>,
    reading: Pin<Box<dyn Future<Output = Result<Vec<u8>, Problem>>>>,
}

impl Hanging {
    /// Where the sender of the rest is dropped, the connection breaks off.
    fn begin(state: &Data<State>) -> Self {
        let (rest, sent) = oneshot::channel();
        let begin = stream::once(async { Ok(Bytes::from(BEGIN)) });
        let end = stream::once(async { sent.await.map(Bytes::from).map_err(|_| PayloadError::Incomplete(None)) });
        let mut payload = Payload::Stream { payload: Box::pin(begin.chain(end)) as Pin<Box<_>> };
        let form = ("content-type", "multipart/form-data; boundary=edge");
        let request = TestRequest::default().app_data(state.clone()).insert_header(form).to_http_request();
        let reading = async move { Upload::read(&request, &mut payload).await.map(|Upload(bytes)| bytes) };
        let mut hanging = Self { rest, reading: Box::pin(reading) };
        hanging.assert_hangs();
        hanging
    }

    #[track_caller]
    fn assert_hangs(&mut self) {
        assert!((&mut self.reading).now_or_never().is_none(), "it was read or refused");
    }

    async fn finish(self) -> Result<Vec<u8>, Problem> {
        self.rest.send(END).unwrap();
        self.reading.await
    }
}

fn state() -> Data<State> {
    Data::new(World::new().state())
}

#[actix_web::test]
async fn the_17th_upload_is_read_when_one_of_the_16_before_it_was() {
    let state = state();
    let mut hanging: Vec<_> = (0..16).map(|_| Hanging::begin(&state)).collect();
    let mut next = Hanging::begin(&state);
    let (rest, _) = oneshot::channel();
    // All of it is there, and yet it waits.
    std::mem::replace(&mut next.rest, rest).send(END).unwrap();
    next.assert_hangs();
    assert_eq!(hanging.remove(0).finish().await.unwrap(), b"1234");
    assert_eq!(next.reading.await.unwrap(), b"1234");
    for upload in hanging {
        assert!(upload.finish().await.is_ok());
    }
}

#[actix_web::test]
async fn the_places_of_clients_that_hang_up_are_given_back() {
    let state = state();
    let hanging: Vec<_> = (0..16).map(|_| Hanging::begin(&state)).collect();
    for (number, upload) in hanging.into_iter().enumerate() {
        if number % 2 == 0 {
            // The body ends in the middle.
            drop(upload.rest);
            assert_eq!(upload.reading.await.unwrap_err().code(), Code::MalformedMultipart);
        } else {
            // Nobody is there to be answered any more.
            drop(upload.reading);
        }
    }
    let again: Vec<_> = (0..16).map(|_| Hanging::begin(&state)).collect();
    for upload in again {
        assert!(upload.finish().await.is_ok());
    }
}

#[actix_web::test]
async fn nobody_waits_who_sends_no_form() {
    let state = state();
    let _hanging: Vec<_> = (0..16).map(|_| Hanging::begin(&state)).collect();
    let request = TestRequest::default().app_data(state).to_http_request();
    let refused = Upload::read(&request, &mut Payload::None).now_or_never().expect("it is refused at once");
    assert_eq!(refused.err().unwrap().code(), Code::UnsupportedMediaType);
}

/// A batch that says how long it is, and whose client has sent its beginning.
fn batch(state: &Data<State>, length: usize) -> Pin<Box<dyn Future<Output = bool>>> {
    let begin = stream::once(async { Ok(Bytes::from("{\"operations\": [")) });
    let mut payload = Payload::Stream { payload: Box::pin(begin.chain(stream::pending())) as Pin<Box<_>> };
    let request = TestRequest::default().app_data(state.clone()).insert_header(("content-type", "application/json"));
    let request = request.insert_header(("content-length", length.to_string())).to_http_request();
    Box::pin(async move { Keyed::<BatchRequest, BatchJson>::read(&request, &mut payload).await.is_ok() })
}

#[actix_web::test]
async fn eight_long_batches_are_read_at_once_and_short_ones_do_not_wait() {
    let state = state();
    let mut hanging: Vec<_> = (0..8).map(|_| batch(&state, 10_000_000)).collect();
    for batch in &mut hanging {
        assert!(batch.now_or_never().is_none());
    }
    assert!(state.batches().place().now_or_never().is_none(), "there is no place for another");
    let mut short = batch(&state, 200_000);
    assert!((&mut short).now_or_never().is_none(), "it waits for its client alone");
    // Its client hangs up.
    drop(hanging.pop());
    assert!(state.batches().place().now_or_never().is_some());
}
