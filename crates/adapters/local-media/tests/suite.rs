//! What the port promises, and what is particular to a folder.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use contacts_contract::{Subject, avatar_store::Shelf, fixtures::unique_uuid};
use contacts_domain::{
    avatar::{AvatarFormat, AvatarImage, AvatarLocation},
    ids::AvatarId,
    ports::{AvatarStore, MediaReader},
};
use contacts_local_media::LocalMedia;

mod contract {
    use super::*;

    /// Reads a picture by the last part of its location, as whoever serves it does.
    async fn read(media: LocalMedia, location: AvatarLocation) -> Option<Vec<u8>> {
        let name = location.as_str().strip_prefix("/media/avatars/").unwrap();
        media.read(name).await.unwrap().map(|image| image.bytes)
    }

    async fn fresh() -> Subject<Shelf> {
        let folder = tempfile::tempdir().unwrap();
        let media = LocalMedia::new(folder.path()).unwrap();
        let store = Arc::new(media.clone());
        let shelf = Shelf { store, reader: Arc::new(move |location| Box::pin(read(media.clone(), location))) };
        Subject::new(shelf, folder)
    }

    contacts_contract::avatar_store_suite!(fresh);
}

fn picture(format: AvatarFormat) -> AvatarImage {
    AvatarImage { format, bytes: b"pixels".to_vec() }
}

#[tokio::test]
async fn a_picture_is_a_file_named_by_its_id_and_format() {
    let folder = tempfile::tempdir().unwrap();
    let media = LocalMedia::new(&folder.path().join("data")).unwrap();
    for format in AvatarFormat::ALL {
        let id = AvatarId::new(unique_uuid());
        let location = media.store(id, &picture(format)).await.unwrap();
        let name = format!("{id}.{}", format.extension());
        assert_eq!(location.as_str(), format!("/media/avatars/{name}"));
        assert_eq!(std::fs::read(folder.path().join("data/avatars").join(&name)).unwrap(), b"pixels");
        assert_eq!(media.read(&name).await.unwrap(), Some(picture(format)));
    }
}

#[tokio::test]
async fn what_is_stored_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let id = AvatarId::new(unique_uuid());
    let before = LocalMedia::new(folder.path()).unwrap();
    before.store(id, &picture(AvatarFormat::Png)).await.unwrap();
    let after = LocalMedia::new(folder.path()).unwrap();
    assert_eq!(after.read(&format!("{id}.png")).await.unwrap(), Some(picture(AvatarFormat::Png)));
}

#[tokio::test]
async fn no_file_but_a_picture_is_read_whatever_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let media = LocalMedia::new(folder.path()).unwrap();
    let id = unique_uuid();
    let avatars = folder.path().join("avatars");
    std::fs::write(folder.path().join(format!("{id}.jpg")), b"outside").unwrap();
    std::fs::write(folder.path().join("secret.jpg"), b"outside").unwrap();
    for name in ["secret.jpg", "index.html", &format!("{id}.svg"), &format!(".{id}.jpg.unfinished")] {
        std::fs::write(avatars.join(name), b"inside").unwrap();
    }
    let absolute = folder.path().join("secret.jpg").to_str().unwrap().to_owned();
    let names = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        absolute,
        "secret.jpg".to_owned(),
        "../secret.jpg".to_owned(),
        "index.html".to_owned(),
        format!("{id}.jpg"),
        format!("{id}.svg"),
        format!("{id}.jpg\0"),
        format!("../{id}.jpg"),
        format!(".{id}.jpg.unfinished"),
    ];
    for name in names {
        assert_eq!(media.read(&name).await.unwrap(), None, "{name:?}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_known_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    assert!(LocalMedia::new(&file).is_err());
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_fault_and_nothing_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let media = LocalMedia::new(folder.path()).unwrap();
    std::fs::remove_dir(folder.path().join("avatars")).unwrap();
    let id = AvatarId::new(unique_uuid());
    assert!(media.store(id, &picture(AvatarFormat::Jpeg)).await.is_err());
    assert_eq!(media.read(&format!("{id}.jpg")).await.unwrap(), None);
    media.remove(id, AvatarFormat::Jpeg).await.unwrap();
}
