//! What a store of avatars promises: a picture is read where the store says it is, until it is removed.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::{fmt, sync::Arc};

use contacts_domain::{
    avatar::{AvatarFormat, AvatarImage, AvatarLocation},
    ids::AvatarId,
    ports::AvatarStore,
};
use futures_util::future::{BoxFuture, join_all};

use crate::fixtures::unique_uuid;

/// What is read at a location: the bytes, or nothing.
pub type Reader = Arc<dyn Fn(AvatarLocation) -> BoxFuture<'static, Option<Vec<u8>>> + Send + Sync>;

/// What the suite is run against: a store, and the way in which others read what it keeps.
#[derive(Clone)]
pub struct Shelf {
    /// What is judged.
    pub store: Arc<dyn AvatarStore>,
    /// Reads as everybody does, past the store.
    pub reader: Reader,
}

impl Shelf {
    async fn store(&self, id: AvatarId, image: &AvatarImage) -> AvatarLocation {
        self.store.store(id, image).await.expect("a picture that is stored")
    }

    async fn read(&self, location: &AvatarLocation) -> Option<Vec<u8>> {
        (self.reader)(location.clone()).await
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

/// Runs every case against a shelf that the argument makes: an async function without arguments that
/// returns `Subject<Shelf>`.
///
/// `avatar_store_suite!(stamped by your_macro, fresh)` hands the cases to a macro of yours instead, in the
/// form `your_macro!(fresh, avatar_store, [case, ...])`, where a test is more than a call.
#[macro_export]
macro_rules! avatar_store_suite {
    ($fresh:expr) => {
        $crate::avatar_store_suite!(@ [$crate::__cases] $fresh);
    };
    (stamped by $stamp:ident, $fresh:expr) => {
        $crate::avatar_store_suite!(@ [$stamp] $fresh);
    };
    (@ [$($stamp:tt)+] $fresh:expr) => {
        $($stamp)+!(
            $fresh,
            avatar_store,
            [
                a_stored_picture_is_read_at_its_location,
                a_picture_of_any_bytes_comes_back_as_it_was,
                a_removed_picture_is_not_there_any_more,
                what_is_not_there_is_removed_all_the_same,
                a_removed_picture_leaves_all_others_alone,
                of_16_pictures_stored_at_once_each_is_read_at_its_own_location,
            ]
        );
    };
}

pub async fn a_stored_picture_is_read_at_its_location(shelf: Shelf) {
    for format in AvatarFormat::ALL {
        let image = image(format);
        let location = shelf.store(id(), &image).await;
        assert_eq!(shelf.read(&location).await, Some(image.bytes), "{format:?}");
    }
}

pub async fn a_picture_of_any_bytes_comes_back_as_it_was(shelf: Shelf) {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    for bytes in [all.clone(), all.repeat(4096), b"\r\n--\r\n\0".to_vec()] {
        let image = AvatarImage { format: AvatarFormat::Png, bytes };
        let location = shelf.store(id(), &image).await;
        assert!(shelf.read(&location).await == Some(image.bytes), "other bytes came back");
    }
}

pub async fn a_removed_picture_is_not_there_any_more(shelf: Shelf) {
    for format in AvatarFormat::ALL {
        let id = id();
        let location = shelf.store(id, &image(format)).await;
        shelf.store.remove(id, format).await.expect("a picture that is removed");
        assert_eq!(shelf.read(&location).await, None, "{format:?}");
    }
}

pub async fn what_is_not_there_is_removed_all_the_same(shelf: Shelf) {
    for format in AvatarFormat::ALL {
        shelf.store.remove(id(), format).await.expect("a picture that never was");
        let id = id();
        shelf.store(id, &image(format)).await;
        for time in ["first", "second", "third"] {
            shelf.store.remove(id, format).await.unwrap_or_else(|error| panic!("the {time} time: {error}"));
        }
    }
}

pub async fn a_removed_picture_leaves_all_others_alone(shelf: Shelf) {
    let (first, second) = (id(), id());
    let (one, other) = (image(AvatarFormat::Jpeg), image(AvatarFormat::Jpeg));
    let location_of_one = shelf.store(first, &one).await;
    let location_of_other = shelf.store(second, &other).await;
    shelf.store.remove(first, one.format).await.expect("a picture that is removed");
    assert_eq!(shelf.read(&location_of_one).await, None);
    assert_eq!(shelf.read(&location_of_other).await, Some(other.bytes));
}

pub async fn of_16_pictures_stored_at_once_each_is_read_at_its_own_location(shelf: Shelf) {
    let tasks: Vec<_> = (0..16)
        .map(|number| {
            let shelf = shelf.clone();
            tokio::spawn(async move {
                let image = image(AvatarFormat::ALL[number % 2]);
                (shelf.store(id(), &image).await, image.bytes)
            })
        })
        .collect();
    for task in join_all(tasks).await {
        let (location, bytes) = task.expect("a store does not panic");
        assert_eq!(shelf.read(&location).await, Some(bytes));
    }
}

fn id() -> AvatarId {
    AvatarId::new(unique_uuid())
}

/// A picture like no other; a store does not look into it.
fn image(format: AvatarFormat) -> AvatarImage {
    AvatarImage { format, bytes: format!("the pixels of {}", unique_uuid()).into_bytes() }
}
