//! Handing over what a client reads at its own pace.

use std::{pin::pin, time::Duration};

use actix_web::web::Bytes;
use futures_util::{
    Stream, StreamExt as _,
    stream::{self, BoxStream},
};
use tokio::{
    runtime::Handle,
    sync::mpsc::{self, Sender},
};
use tracing::Instrument;

use crate::{
    places::Place,
    problem::{Code, Problem},
};

/// How long a piece waits to be taken.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The same pieces, made in a task of its own, which is one ahead of who takes them and has the `place` while it lasts.
///
/// A server asks for no more than a connection takes, so that a client that reads nothing would have everything behind
/// a piece held for ever. Where nobody takes a piece within `patience`, the task ends and lets go of what it holds; who
/// takes on after all finds an error behind that piece. Where the pieces themselves are dropped, the task ends as well.
pub(crate) fn hand_over(
    runtime: &Handle,
    place: Place,
    patience: Duration,
    pieces: impl Stream<Item = Result<Bytes, Problem>> + Send + 'static,
) -> BoxStream<'static, Result<Bytes, Problem>> {
    let (sender, receiver) = mpsc::channel(1);
    let telling = async move {
        let _place = place;
        tell(pieces, &sender, patience).await
    };
    let task = runtime.spawn(telling.in_current_span());
    let handed_over = stream::try_unfold((receiver, task), |(mut receiver, task)| async move {
        match receiver.recv().await {
            Some(piece) => Ok(Some((piece, (receiver, task)))),
            // Only the task knows whether this is the end.
            None => task.await.map_err(Problem::internal)?.map(|()| None),
        }
    });
    handed_over.boxed()
}

async fn tell(
    pieces: impl Stream<Item = Result<Bytes, Problem>>,
    sender: &Sender<Bytes>,
    patience: Duration,
) -> Result<(), Problem> {
    let mut pieces = pin!(pieces);
    loop {
        let Ok(room) = tokio::time::timeout(patience, sender.reserve()).await else {
            tracing::info!("given up: what was made for a client is not read");
            return Err(Problem::new(Code::RequestTimeout));
        };
        // Where there is none, the client has hung up.
        let Ok(room) = room else { return Ok(()) };
        match pieces.next().await {
            Some(piece) => room.send(piece?),
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::ids::UserId;
    use futures_util::TryStreamExt as _;
    use tokio::sync::oneshot;
    use uuid::Uuid;

    use super::*;
    use crate::places::Places;

    type Made = Result<Bytes, Problem>;

    /// Hands over these pieces; the second says when they are let go.
    async fn handed_over(
        patience: Duration,
        pieces: impl Stream<Item = Made> + Send + 'static,
    ) -> (BoxStream<'static, Made>, oneshot::Receiver<()>) {
        let place = Places::exports().place(UserId::new(Uuid::nil())).await.unwrap();
        let (held, let_go) = oneshot::channel::<()>();
        let pieces = pieces.inspect(move |_| assert!(!held.is_closed()));
        (hand_over(&Handle::current(), place, patience, pieces), let_go)
    }

    /// Waits until the pieces are let go, for so long that only a fault exceeds it.
    async fn assert_let_go(let_go: oneshot::Receiver<()>) {
        assert!(tokio::time::timeout(2 * PATIENCE, let_go).await.expect("they are held").is_err());
    }

    fn numbers() -> impl Stream<Item = Made> {
        stream::iter(0..).map(|number: u32| Ok(Bytes::from(number.to_string())))
    }

    #[tokio::test]
    async fn every_piece_is_handed_over_in_its_order() {
        let (pieces, _let_go) = handed_over(PATIENCE, numbers().take(100)).await;
        let pieces: Vec<_> = pieces.try_collect().await.unwrap();
        assert_eq!(pieces, (0..100).map(|number| number.to_string()).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn what_nobody_takes_is_let_go_and_who_takes_on_later_does_not_mistake_the_part_for_the_whole() {
        let (mut pieces, let_go) = handed_over(Duration::ZERO, numbers()).await;
        // The client holds its connection, and reads nothing.
        assert_let_go(let_go).await;
        assert_eq!(pieces.next().await.unwrap().unwrap(), "0");
        assert_eq!(pieces.next().await.unwrap().unwrap_err().code(), Code::RequestTimeout);
    }

    #[tokio::test]
    async fn what_nobody_will_ever_take_is_let_go() {
        let (pieces, let_go) = handed_over(Duration::MAX, numbers()).await;
        drop(pieces);
        assert_let_go(let_go).await;
    }

    #[tokio::test]
    async fn no_failure_becomes_an_end() {
        let failure = stream::once(async { Err(Problem::new(Code::Unavailable)) });
        let (pieces, _let_go) = handed_over(PATIENCE, numbers().take(1).chain(failure)).await;
        assert_eq!(pieces.try_collect::<Vec<_>>().await.unwrap_err().code(), Code::Unavailable);
        let fault = stream::once(async { panic!("a fault of this service") });
        let (pieces, _let_go) = handed_over(PATIENCE, numbers().take(1).chain(fault)).await;
        assert_eq!(pieces.try_collect::<Vec<_>>().await.unwrap_err().code(), Code::Internal);
    }
}
