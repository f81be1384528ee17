//! The record of pictures: nobody shows two, and what nobody shows is known until it is removed.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    avatar::{AbandonedAvatar, AvatarFormat, AvatarUpload},
    ids::{AvatarId, UserId},
};

use super::{
    Store,
    steps::{at_once, begin, registered},
};
use crate::fixtures::{at, unique_uuid};

/// Every upload of the cases begins here, or says otherwise.
const START: i64 = 1_000_000;
/// A sweep that begins here abandons no upload of the cases, for it is as old as they.
const SWEEP: i64 = START;

pub async fn a_shown_picture_replaces_the_former(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let hers = shown(&store, grace).await;
    let pictures = [shown(&store, ada).await, shown(&store, ada).await, shown(&store, ada).await];
    assert_eq!(abandoned(&store, SWEEP).await, sorted(&pictures[..2]));
    // To show a picture again changes nothing.
    assert!(show(&store, ada, pictures[2].id).await);
    assert_eq!(abandoned(&store, SWEEP).await, sorted(&pictures[..2]));
    assert!(hide(&store, grace).await);
    assert_eq!(abandoned(&store, SWEEP).await, sorted(&[pictures[0], pictures[1], hers]));
}

pub async fn both_formats_come_back(store: Store) {
    let user = registered(&store).await.id;
    let mut expected = Vec::new();
    for format in AvatarFormat::ALL {
        let upload = AvatarUpload { format, ..upload_of(user) };
        begin_upload(&store, &upload).await;
        expected.push(AbandonedAvatar { id: upload.id, format });
    }
    assert_eq!(abandoned(&store, SWEEP + 1).await, sorted(&expected));
}

pub async fn an_upload_that_was_swept_away_cannot_be_shown(store: Store) {
    let user = registered(&store).await.id;
    let current = shown(&store, user).await;
    let late = upload_of(user);
    begin_upload(&store, &late).await;
    assert_eq!(abandoned(&store, SWEEP + 1).await, [picture(&late)]);
    assert!(!show(&store, user, late.id).await);
    forget(&store, late.id).await;
    assert!(!show(&store, user, late.id).await);
    assert_eq!(abandoned(&store, SWEEP + 1).await, [], "the picture that is shown was abandoned for it");
    assert!(hide(&store, user).await);
    assert_eq!(abandoned(&store, SWEEP + 1).await, [current]);
}

pub async fn an_upload_that_was_rolled_back_cannot_be_shown(store: Store) {
    let upload = upload_of(registered(&store).await.id);
    let mut transaction = begin(&store).await;
    transaction.avatars().begin(&upload).await.unwrap();
    transaction.rollback().await.unwrap();
    assert!(!show(&store, upload.user, upload.id).await);
    assert_eq!(abandoned(&store, SWEEP + 1).await, []);
}

pub async fn somebody_elses_upload_cannot_be_shown(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let upload = upload_of(ada);
    begin_upload(&store, &upload).await;
    assert!(!show(&store, grace, upload.id).await);
    assert!(!show(&store, UserId::new(unique_uuid()), upload.id).await);
    assert!(!hide(&store, grace).await);
    assert!(show(&store, ada, upload.id).await);
}

pub async fn an_upload_is_abandoned_only_when_it_is_old(store: Store) {
    let user = registered(&store).await.id;
    let [old, young] = [START, START + 1].map(|time| AvatarUpload { started_at: at(time), ..upload_of(user) });
    begin_upload(&store, &old).await;
    begin_upload(&store, &young).await;
    assert_eq!(abandoned(&store, START).await, []);
    assert_eq!(abandoned(&store, START + 1).await, [picture(&old)]);
    // Once abandoned it remains so, whatever is asked for next.
    assert_eq!(abandoned(&store, 0).await, [picture(&old)]);
    assert!(show(&store, user, young.id).await);
    assert_eq!(abandoned(&store, START * 1000).await, [picture(&old)], "what is shown does not grow old");
}

pub async fn no_more_pictures_are_listed_than_asked_for(store: Store) {
    let user = registered(&store).await.id;
    let uploads: Vec<AvatarUpload> = (0..7).map(|_| upload_of(user)).collect();
    for upload in &uploads {
        begin_upload(&store, upload).await;
    }
    let mut listed = Vec::new();
    for expected in [3, 3, 1, 0] {
        let some = abandoned_some(&store, SWEEP + 1, 3).await;
        assert_eq!(some.len(), expected);
        for picture in some {
            forget(&store, picture.id).await;
            listed.push(picture);
        }
    }
    assert_eq!(sorted(&listed), sorted(&uploads.iter().map(picture).collect::<Vec<_>>()));
}

pub async fn a_hidden_picture_is_abandoned(store: Store) {
    let user = registered(&store).await.id;
    assert!(!hide(&store, user).await);
    let upload = upload_of(user);
    begin_upload(&store, &upload).await;
    assert!(!hide(&store, user).await, "what is on its way is not shown");
    assert!(show(&store, user, upload.id).await);
    assert!(hide(&store, user).await);
    assert!(!hide(&store, user).await);
    assert_eq!(abandoned(&store, SWEEP).await, [picture(&upload)]);
    assert!(!show(&store, user, upload.id).await, "it may be removed already");
}

pub async fn an_upload_under_way_is_left_alone_until_it_is_old(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let (current, begun, hers) = (shown(&store, ada).await, upload_of(ada), shown(&store, grace).await);
    begin_upload(&store, &begun).await;
    assert!(hide(&store, ada).await);
    assert_eq!(abandoned(&store, SWEEP).await, [current]);
    assert!(show(&store, ada, begun.id).await);
    assert!(hide(&store, grace).await);
    assert!(abandoned(&store, SWEEP).await.contains(&hers));
}

pub async fn only_what_was_abandoned_is_forgotten(store: Store) {
    let user = registered(&store).await.id;
    let current = shown(&store, user).await;
    let begun = upload_of(user);
    begin_upload(&store, &begun).await;
    for id in [current.id, begun.id, AvatarId::new(unique_uuid())] {
        forget(&store, id).await;
    }
    assert!(show(&store, user, begun.id).await);
    assert_eq!(abandoned(&store, SWEEP).await, [current]);
    forget(&store, current.id).await;
    assert_eq!(abandoned(&store, SWEEP).await, []);
    assert!(hide(&store, user).await);
}

pub async fn pictures_outlive_their_user(store: Store) {
    let user = registered(&store).await.id;
    let (current, begun) = (shown(&store, user).await, upload_of(user));
    begin_upload(&store, &begun).await;
    let mut transaction = begin(&store).await;
    assert!(transaction.avatars().hide(user).await.unwrap());
    assert!(transaction.users().delete(user).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(abandoned(&store, SWEEP).await, [current]);
    assert_eq!(abandoned(&store, SWEEP + 1).await, sorted(&[current, picture(&begun)]));
}

pub async fn of_pictures_that_are_shown_at_once_one_remains(store: Store) {
    for _ in 0..4 {
        let user = registered(&store).await.id;
        let uploads: Vec<AvatarUpload> = (0..8).map(|_| upload_of(user)).collect();
        for upload in &uploads {
            begin_upload(&store, upload).await;
        }
        let results = at_once(8, |number| {
            let (store, id) = (store.clone(), uploads[number].id);
            async move { show(&store, user, id).await }
        })
        .await;
        assert_eq!(results, [true; 8]);
        let former = abandoned(&store, SWEEP).await;
        assert_eq!(former.len(), 7);
        for picture in former {
            forget(&store, picture.id).await;
        }
        assert!(hide(&store, user).await);
        let last = abandoned(&store, SWEEP).await;
        assert_eq!(last.len(), 1);
        forget(&store, last[0].id).await;
    }
}

fn upload_of(user: UserId) -> AvatarUpload {
    AvatarUpload { id: AvatarId::new(unique_uuid()), user, format: AvatarFormat::Jpeg, started_at: at(START) }
}

/// An upload as it is listed once it is abandoned.
fn picture(upload: &AvatarUpload) -> AbandonedAvatar {
    AbandonedAvatar { id: upload.id, format: upload.format }
}

fn sorted(pictures: &[AbandonedAvatar]) -> Vec<AbandonedAvatar> {
    let mut pictures = pictures.to_vec();
    pictures.sort_unstable_by_key(|picture| picture.id);
    pictures
}

async fn begin_upload(store: &Store, upload: &AvatarUpload) {
    let mut transaction = begin(store).await;
    transaction.avatars().begin(upload).await.expect("an upload begins");
    transaction.commit().await.expect("an upload is committed");
}

/// Shows a new picture.
async fn shown(store: &Store, user: UserId) -> AbandonedAvatar {
    let upload = upload_of(user);
    begin_upload(store, &upload).await;
    assert!(show(store, user, upload.id).await, "a picture is not shown");
    picture(&upload)
}

async fn show(store: &Store, user: UserId, id: AvatarId) -> bool {
    let mut transaction = begin(store).await;
    let shown = transaction.avatars().show(user, id).await.expect("a picture can be shown");
    transaction.commit().await.expect("a picture is committed");
    shown
}

async fn hide(store: &Store, user: UserId) -> bool {
    let mut transaction = begin(store).await;
    let hidden = transaction.avatars().hide(user).await.expect("a picture can be hidden");
    transaction.commit().await.expect("a hiding is committed");
    hidden
}

async fn forget(store: &Store, id: AvatarId) {
    let mut transaction = begin(store).await;
    transaction.avatars().forget(id).await.expect("a picture can be forgotten");
    transaction.commit().await.expect("a forgetting is committed");
}

/// All that is abandoned by now, by id: in which order it is listed is not promised.
async fn abandoned(store: &Store, begun_before: i64) -> Vec<AbandonedAvatar> {
    sorted(&abandoned_some(store, begun_before, 1000).await)
}

async fn abandoned_some(store: &Store, begun_before: i64, limit: u32) -> Vec<AbandonedAvatar> {
    let mut transaction = begin(store).await;
    let abandoned = transaction.avatars().abandoned(at(begun_before), limit).await.expect("pictures can be listed");
    transaction.commit().await.expect("a sweep is committed");
    abandoned
}
