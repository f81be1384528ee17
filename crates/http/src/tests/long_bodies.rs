//! Long bodies that are being read: not too many at once.

use std::pin::Pin;

use actix_web::{
    HttpMessage, HttpRequest,
    dev::Payload,
    error::PayloadError,
    test::TestRequest,
    web::{Bytes, Data},
};
use contacts_domain::{batch::BatchRequest, ids::UserId};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::world::World;
use crate::{
    input::{Asker, BatchJson, Input as _, Keyed, Upload},
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
    /// Of the user with this number. Where the sender of the rest is dropped, the connection breaks off.
    fn begin(state: &Data<State>, user: u128) -> Self {
        let (rest, sent) = oneshot::channel();
        let begin = stream::once(async { Ok(Bytes::from(BEGIN)) });
        let end = stream::once(async { sent.await.map(Bytes::from).map_err(|_| PayloadError::Incomplete(None)) });
        let mut payload = Payload::Stream { payload: Box::pin(begin.chain(end)) as Pin<Box<_>> };
        let form = ("content-type", "multipart/form-data; boundary=edge");
        let request = by(user, TestRequest::default().app_data(state.clone()).insert_header(form));
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

fn by(user: u128, request: TestRequest) -> HttpRequest {
    let request = request.to_http_request();
    request.extensions_mut().insert(Asker(UserId::new(Uuid::from_u128(user))));
    request
}

/// Two uploads of each of eight users.
fn sixteen(state: &Data<State>) -> Vec<Hanging> {
    (0..16).map(|number| Hanging::begin(state, number / 2)).collect()
}

fn state() -> Data<State> {
    Data::new(World::new().state())
}

#[actix_web::test]
async fn the_17th_upload_is_read_when_one_of_the_16_before_it_was() {
    let state = state();
    let mut hanging = sixteen(&state);
    let mut next = Hanging::begin(&state, 8);
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
    let hanging = sixteen(&state);
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
    let again = sixteen(&state);
    for upload in again {
        assert!(upload.finish().await.is_ok());
    }
}

#[actix_web::test]
async fn nobody_waits_who_sends_no_form() {
    let state = state();
    let _hanging = sixteen(&state);
    let request = by(8, TestRequest::default().app_data(state));
    let refused = Upload::read(&request, &mut Payload::None).now_or_never().expect("it is refused at once");
    assert_eq!(refused.err().unwrap().code(), Code::UnsupportedMediaType);
}

#[actix_web::test]
async fn the_third_upload_of_a_user_waits_for_their_own_and_no_other_user_does() {
    let state = state();
    let own = [Hanging::begin(&state, 1), Hanging::begin(&state, 1)];
    let (mut third, other) = (Hanging::begin(&state, 1), Hanging::begin(&state, 2));
    let (rest, _) = oneshot::channel();
    std::mem::replace(&mut third.rest, rest).send(END).unwrap();
    third.assert_hangs();
    assert!(other.finish().await.is_ok());
    drop(own);
    assert!(third.reading.await.is_ok());
}

/// A batch of a user that came so far, and whose client sends no more. It says how long it will be, or comes in chunks.
fn batch(
    state: &Data<State>,
    user: u128,
    sent: usize,
    announced: Option<usize>,
) -> Pin<Box<dyn Future<Output = bool>>> {
    let begin = stream::once(async move { Ok(Bytes::from(vec![b' '; sent])) });
    let mut payload = Payload::Stream { payload: Box::pin(begin.chain(stream::pending())) as Pin<Box<_>> };
    let request = TestRequest::default().app_data(state.clone()).insert_header(("content-type", "application/json"));
    let request = match announced {
        Some(length) => request.insert_header(("content-length", length.to_string())),
        None => request.insert_header(("transfer-encoding", "chunked")),
    };
    let request = by(user, request);
    let mut reading: Pin<Box<dyn Future<Output = bool>>> =
        Box::pin(async move { Keyed::<BatchRequest, BatchJson>::read(&request, &mut payload).await.is_ok() });
    assert!((&mut reading).now_or_never().is_none(), "it was read or refused");
    reading
}

/// Whether there is a place for a batch of this user.
fn has_place(state: &Data<State>, user: u128) -> bool {
    state.batches().place(UserId::new(Uuid::from_u128(user))).now_or_never().is_some()
}

const LONG: usize = 256 * 1024 + 1;

#[actix_web::test]
async fn eight_long_batches_are_read_at_once_two_of_a_user() {
    let state = state();
    let mut hanging = Vec::new();
    for user in 0..4 {
        assert!(has_place(&state, user), "what others have is not theirs");
        for announced in [None, Some(10_000_000)] {
            hanging.push(batch(&state, user, LONG, announced));
        }
        assert!(!has_place(&state, user));
    }
    assert!(!has_place(&state, 4), "there is no place for another");
    // Its client hangs up.
    drop(hanging.pop());
    assert!(has_place(&state, 4) && has_place(&state, 3) && !has_place(&state, 2));
}

#[actix_web::test]
async fn a_batch_has_no_place_before_more_of_it_came_than_of_other_bodies() {
    let state = state();
    let announced = [None, Some(LONG - 1), Some(10_000_000)];
    let _hanging: Vec<_> =
        announced.iter().cycle().take(30).map(|&length| batch(&state, 1, LONG - 1, length)).collect();
    assert!(has_place(&state, 1));
}

#[actix_web::test]
async fn a_batch_that_was_read_keeps_its_place_while_it_is_carried_out() {
    let state = state();
    let body = format!("{{\"operations\": []{}}}", " ".repeat(LONG));
    let mut read = Vec::new();
    for _ in 0..2 {
        let request =
            TestRequest::default().app_data(state.clone()).insert_header(("content-type", "application/json"));
        let request = by(1, request);
        let (_, mut payload) = TestRequest::default().set_payload(body.clone()).to_http_parts();
        let Ok(batch) = Keyed::<BatchRequest, BatchJson>::read(&request, &mut payload).await else { panic!("refused") };
        read.push(batch.place);
    }
    assert!(!has_place(&state, 1));
    drop(read);
    assert!(has_place(&state, 1));
}
