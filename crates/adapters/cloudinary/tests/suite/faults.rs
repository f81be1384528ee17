use std::{error::Error, fmt::Write, time::Duration};

use contacts_cloudinary::{CloudinaryStore, CloudinaryUrl};
use contacts_contract::{
    fixtures::unique_uuid,
    servers::cloudinary::{API_KEY, API_SECRET, Answer, account_url},
};
use contacts_domain::{
    avatar::{AvatarFormat, AvatarImage},
    ids::AvatarId,
    ports::{AvatarStore, StoreError},
};

use crate::child::in_child;

const IMAGE: &[u8] = b"pixels";

fn store_of(secret: &str, deadline: Duration) -> CloudinaryStore {
    CloudinaryStore::with_deadline(&CloudinaryUrl::parse(&account_url(secret)).unwrap(), deadline)
}

/// What comes of storing and of removing a picture.
async fn errors(store: &CloudinaryStore) -> [StoreError; 2] {
    let id = AvatarId::new(unique_uuid());
    let image = AvatarImage { format: AvatarFormat::Png, bytes: IMAGE.to_vec() };
    let stored = store.store(id, &image).await.unwrap_err();
    let removed = store.remove(id, AvatarFormat::Png).await.unwrap_err();
    [stored, removed]
}

/// With a deadline that only a fault exceeds.
async fn errors_of(secret: &str) -> [StoreError; 2] {
    errors(&store_of(secret, Duration::from_secs(60))).await
}

fn text_of(error: &StoreError) -> String {
    let mut text = format!("{error:?}");
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        write!(text, ": {error}").unwrap();
        cause = error.source();
    }
    text
}

fn assert_unavailable(errors: &[StoreError]) {
    for error in errors {
        assert!(matches!(error, StoreError::Unavailable(_)), "{}", text_of(error));
        assert!(!text_of(error).contains(API_SECRET), "{}", text_of(error));
    }
}

/// With the words of the service for the log. Whether another attempt to store helps cannot be told; one picture
/// that is not removed must not keep the others.
fn assert_refused(errors: &[StoreError; 2], words: &str) {
    let [stored, removed] = errors;
    assert!(matches!(stored, StoreError::Unavailable(_)), "{}", text_of(stored));
    assert!(matches!(removed, StoreError::Backend(_)), "{}", text_of(removed));
    for error in errors {
        assert!(text_of(error).contains(words) && !text_of(error).contains(API_SECRET), "{}", text_of(error));
    }
}

fn assert_backend(errors: &[StoreError], words: &str) {
    for error in errors {
        assert!(matches!(error, StoreError::Backend(_)), "{}", text_of(error));
        assert!(text_of(error).contains(words) && !text_of(error).contains(API_SECRET), "{}", text_of(error));
    }
}

#[tokio::test]
async fn a_picture_is_kept_under_its_id_and_may_be_overwritten() {
    let service = in_child("faults::a_picture_is_kept_under_its_id_and_may_be_overwritten", |_, _| (), async {
        let store = store_of(API_SECRET, Duration::from_secs(60));
        let image = AvatarImage { format: AvatarFormat::Jpeg, bytes: IMAGE.to_vec() };
        let id = AvatarId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        for _ in 0..2 {
            let location = store.store(id, &image).await.unwrap();
            assert!(location.as_str().starts_with("https://res.cloudinary.com/"), "{location:?}");
            assert!(location.as_str().ends_with(&format!("/avatars/{id}.jpg")), "{location:?}");
        }
    });
    let Some(service) = service.await else { return };
    let id = "avatars/01890a5d-ac96-774b-bcce-b302099a8057";
    assert_eq!(service.stored().into_iter().collect::<Vec<_>>(), [(id.to_owned(), IMAGE.to_vec())]);
    let requests = service.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!((request.action.as_str(), request.fields["public_id"].as_str()), ("image/upload", id));
        assert_eq!((request.fields["overwrite"].as_str(), request.fields["api_key"].as_str()), ("true", API_KEY));
    }
}

#[tokio::test]
async fn another_secret_is_refused() {
    let service = in_child("faults::another_secret_is_refused", |_, _| (), async {
        assert_refused(&errors_of("another secret").await, "Invalid Signature");
    });
    if let Some(service) = service.await {
        assert!(service.stored().is_empty());
        assert_eq!(service.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_message_of_what_is_wrong_is_told_to_the_log_and_keeps_no_other_picture() {
    in_child(
        "faults::a_message_of_what_is_wrong_is_told_to_the_log_and_keeps_no_other_picture",
        |service, _| service.set_answer(Answer::Error("the account is over its quota".to_owned())),
        async { assert_refused(&errors_of(API_SECRET).await, "over its quota") },
    )
    .await;
}

#[tokio::test]
async fn a_gateway_that_answers_in_its_place_is_an_outage() {
    in_child(
        "faults::a_gateway_that_answers_in_its_place_is_an_outage",
        |service, _| service.set_answer(Answer::Garbage),
        async { assert_unavailable(&errors_of(API_SECRET).await) },
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_means_nothing_is_a_fault() {
    in_child(
        "faults::an_answer_that_means_nothing_is_a_fault",
        |service, _| service.set_answer(Answer::Strange),
        async { assert_backend(&errors_of(API_SECRET).await, "means nothing") },
    )
    .await;
}

#[tokio::test]
async fn a_connection_that_breaks_is_an_outage() {
    in_child(
        "faults::a_connection_that_breaks_is_an_outage",
        |service, _| service.set_answer(Answer::Disconnect),
        async { assert_unavailable(&errors_of(API_SECRET).await) },
    )
    .await;
}

#[tokio::test]
async fn a_service_that_is_not_reached_is_an_outage() {
    // A port that nobody listens on. Should another service take it, nothing vouches for that one here.
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let prepare = |_: &_, child: &mut tokio::process::Command| {
        child.env("HTTPS_PROXY", address);
    };
    in_child("faults::a_service_that_is_not_reached_is_an_outage", prepare, async {
        assert_unavailable(&errors_of(API_SECRET).await);
    })
    .await;
}

#[tokio::test]
async fn silence_is_an_outage_once_the_deadline_has_passed() {
    let service = in_child(
        "faults::silence_is_an_outage_once_the_deadline_has_passed",
        |service, _| service.set_answer(Answer::Silence),
        async { assert_unavailable(&errors(&store_of(API_SECRET, Duration::from_secs(2))).await) },
    );
    if let Some(service) = service.await {
        assert_eq!(service.requests().len(), 2, "both calls were heard, and left unanswered");
    }
}

#[tokio::test]
async fn a_machine_that_trusts_nobody_is_a_fault_and_no_panic() {
    let nobody = tempfile::NamedTempFile::new().unwrap();
    let prepare = |_: &_, child: &mut tokio::process::Command| {
        child.env("SSL_CERT_FILE", nobody.path());
    };
    in_child("faults::a_machine_that_trusts_nobody_is_a_fault_and_no_panic", prepare, async {
        assert_backend(&errors_of(API_SECRET).await, "panicked");
    })
    .await;
}
