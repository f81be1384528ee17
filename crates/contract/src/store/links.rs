//! Mailed links: each works once, for one purpose, for a while, and the newest alone.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    ids::{MailId, UserId},
    link::{Link, LinkHash, LinkHistory, LinkPurpose},
    user::User,
};

use super::{
    Store,
    steps::{at_once, begin, registered},
};
use crate::fixtures::{at, link_hash, link_of, unique_uuid};

/// The purpose of a link where it does not matter.
const PURPOSE: LinkPurpose = LinkPurpose::ResetPassword;
const SECOND: i64 = 1_000_000;

pub async fn a_link_is_found_as_it_was_made(store: Store) {
    for purpose in LinkPurpose::ALL {
        let user = registered(&store).await;
        let links = [
            Link { expires_at: None, ..link_of(&user, purpose) },
            Link { closed_at: Some(at(123_456)), ..link_of(&user, purpose) },
            link_of(&user, purpose),
        ];
        for link in links {
            insert(&store, &link).await;
            assert_eq!(find(&store, link.id).await.as_ref(), Some(&link));
        }
    }
    assert_eq!(find(&store, MailId::new(unique_uuid())).await, None);
}

pub async fn of_32_consumptions_of_a_link_one_succeeds(store: Store) {
    let link = inserted(&store).await;
    let consumed = at_once(32, |_| {
        let (store, link) = (store.clone(), link.clone());
        async move { consume(&store, link.id, link.purpose, link.hash, 7).await }
    })
    .await;
    let consumed: Vec<Link> = consumed.into_iter().flatten().collect();
    let expected = Link { closed_at: Some(at(7)), ..link };
    assert_eq!(consumed, std::slice::from_ref(&expected));
    assert_eq!(find(&store, expected.id).await, Some(expected));
}

pub async fn a_link_works_only_for_its_purpose_and_hash_before_its_expiry(store: Store) {
    let link = inserted(&store).await;
    let Link { id, purpose, hash, .. } = link;
    let mut similar = hash;
    similar.0[31] ^= 1;
    for other in LinkPurpose::ALL.into_iter().filter(|other| *other != purpose) {
        assert_eq!(consume(&store, id, other, hash, 1).await, None, "{other:?}");
    }
    for other in [link_hash(), similar, LinkHash([0; 32])] {
        assert_eq!(consume(&store, id, purpose, other, 1).await, None);
    }
    assert_eq!(consume(&store, MailId::new(unique_uuid()), purpose, hash, 1).await, None);
    for late in [3600 * SECOND, 3600 * SECOND + 1, 86_400 * SECOND] {
        assert_eq!(consume(&store, id, purpose, hash, late).await, None, "{late}");
    }
    assert_eq!(find(&store, id).await.as_ref(), Some(&link), "a refusal changed something");
    assert!(consume(&store, id, purpose, hash, 3600 * SECOND - 1).await.is_some());
}

pub async fn a_consumption_that_was_undone_did_not_happen(store: Store) {
    let link = inserted(&store).await;
    let mut transaction = begin(&store).await;
    assert!(transaction.links().consume(link.id, link.purpose, link.hash, at(1)).await.unwrap().is_some());
    assert!(transaction.links().consume(link.id, link.purpose, link.hash, at(1)).await.unwrap().is_none());
    transaction.rollback().await.unwrap();
    assert!(consume(&store, link.id, link.purpose, link.hash, 2).await.is_some());
}

pub async fn a_link_without_expiry_does_not_work_until_it_has_one(store: Store) {
    let user = registered(&store).await;
    let link = Link { expires_at: None, ..link_of(&user, PURPOSE) };
    let bystander = link_of(&user, LinkPurpose::VerifyEmail);
    insert(&store, &link).await;
    insert(&store, &bystander).await;
    assert_eq!(consume(&store, link.id, PURPOSE, link.hash, 1).await, None);
    let hash = link_hash();
    set_expiry(&store, link.id, hash, Some(10)).await;
    set_expiry(&store, link.id, hash, None).await;
    assert_eq!(consume(&store, link.id, PURPOSE, hash, 1).await, None, "it was sent in vain");
    set_expiry(&store, link.id, hash, Some(20)).await;
    assert_eq!(consume(&store, link.id, PURPOSE, link.hash, 1).await, None, "its former hash");
    let expected = Link { hash, expires_at: Some(at(20)), closed_at: Some(at(19)), ..link };
    assert_eq!(consume(&store, link.id, PURPOSE, hash, 19).await, Some(expected));
    assert_eq!(find(&store, bystander.id).await, Some(bystander), "another link changed");
}

pub async fn a_newer_link_closes_the_older_of_its_user_and_purpose_alone(store: Store) {
    let (ada, grace) = (registered(&store).await, registered(&store).await);
    let old = LinkPurpose::ALL.map(|purpose| link_of(&ada, purpose));
    let hers = link_of(&grace, PURPOSE);
    for link in old.iter().chain([&hers]) {
        insert(&store, link).await;
    }
    let new = Link { created_at: at(5), ..link_of(&ada, PURPOSE) };
    insert(&store, &new).await;
    for link in old {
        let closed_at = (link.purpose == PURPOSE).then_some(at(5));
        assert_eq!(find(&store, link.id).await, Some(Link { closed_at, ..link }));
    }
    assert_eq!(find(&store, hers.id).await, Some(hers));
    assert!(consume(&store, new.id, PURPOSE, new.hash, 6).await.is_some());
    // What was closed before keeps its time.
    insert(&store, &Link { created_at: at(9), ..link_of(&ada, PURPOSE) }).await;
    assert_eq!(find(&store, new.id).await.unwrap().closed_at, Some(at(6)));
}

pub async fn links_made_at_once_leave_one_open(store: Store) {
    for _ in 0..4 {
        let user = registered(&store).await;
        let made = at_once(8, |_| {
            let (store, link) = (store.clone(), link_of(&user, PURPOSE));
            async move {
                insert(&store, &link).await;
                link
            }
        })
        .await;
        let mut open = 0;
        for link in made {
            open += usize::from(consume(&store, link.id, PURPOSE, link.hash, 1).await.is_some());
        }
        assert_eq!(open, 1);
    }
}

pub async fn all_links_of_a_user_for_a_purpose_are_closed_at_once(store: Store) {
    let (ada, grace) = (registered(&store).await, registered(&store).await);
    let [closed, other, hers] =
        [link_of(&ada, PURPOSE), link_of(&ada, LinkPurpose::ConfirmNewEmail), link_of(&grace, PURPOSE)];
    for link in [&closed, &other, &hers] {
        insert(&store, link).await;
    }
    let mut transaction = begin(&store).await;
    transaction.links().close_all(ada.id, PURPOSE, at(8)).await.unwrap();
    transaction.links().close_all(ada.id, PURPOSE, at(9)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(consume(&store, closed.id, PURPOSE, closed.hash, 10).await, None);
    assert_eq!(find(&store, closed.id).await, Some(Link { closed_at: Some(at(8)), ..closed }));
    for link in [other, hers] {
        assert_eq!(find(&store, link.id).await, Some(link));
    }
}

pub async fn the_history_counts_the_last_minute_and_the_last_hour(store: Store) {
    let (ada, grace) = (registered(&store).await, registered(&store).await);
    assert_eq!(history(&store, ada.id, 0).await, LinkHistory::default());
    // Whether they are still open makes no difference: all but the last are closed.
    for created_at in [0, 3541, 3599].map(|seconds| at(seconds * SECOND)) {
        insert(&store, &Link { created_at, ..link_of(&ada, PURPOSE) }).await;
        insert(&store, &Link { created_at, ..link_of(&ada, LinkPurpose::VerifyEmail) }).await;
    }
    for (now, last_minute, last_hour) in [
        (3600 * SECOND - 1, 2, 3),
        // Who made one exactly an hour or a minute ago may make another.
        (3600 * SECOND, 2, 2),
        (3601 * SECOND - 1, 2, 2),
        (3601 * SECOND, 1, 2),
        (3659 * SECOND - 1, 1, 2),
        (3659 * SECOND, 0, 2),
        (7199 * SECOND, 0, 0),
    ] {
        assert_eq!(history(&store, ada.id, now).await, LinkHistory { last_minute, last_hour }, "{now}");
    }
    assert_eq!(history(&store, grace.id, 3600 * SECOND).await, LinkHistory::default());
}

pub async fn a_purge_deletes_what_is_old_and_useless_alone(store: Store) {
    let users = [registered(&store).await, registered(&store).await, registered(&store).await];
    let of = |user: &User| link_of(user, PURPOSE);
    let useless = [
        Link { closed_at: Some(at(1)), ..of(&users[0]) },
        Link { closed_at: Some(at(1)), expires_at: None, ..of(&users[0]) },
        Link { expires_at: Some(at(100)), ..of(&users[0]) },
    ];
    let kept = [
        // It still works.
        Link { expires_at: Some(at(101)), ..of(&users[1]) },
        // Its mail may be sent yet.
        Link { expires_at: None, ..link_of(&users[1], LinkPurpose::VerifyEmail) },
        // It is not old.
        Link { created_at: at(50), expires_at: Some(at(60)), ..of(&users[2]) },
    ];
    for link in useless.iter().chain(&kept) {
        insert(&store, link).await;
    }
    for purged in [3, 0] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.links().purge(at(50), at(100)).await.unwrap(), purged);
        transaction.commit().await.unwrap();
    }
    for link in useless {
        assert_eq!(find(&store, link.id).await, None);
    }
    for link in kept {
        assert_eq!(find(&store, link.id).await, Some(link));
    }
}

pub async fn links_go_with_their_user(store: Store) {
    let user = registered(&store).await;
    let link = link_of(&user, PURPOSE);
    insert(&store, &link).await;
    let mut transaction = begin(&store).await;
    assert!(transaction.users().delete(user.id).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(find(&store, link.id).await, None);
    assert_eq!(consume(&store, link.id, PURPOSE, link.hash, 1).await, None);
}

/// A link of which nothing matters.
async fn inserted(store: &Store) -> Link {
    let link = link_of(&registered(store).await, PURPOSE);
    insert(store, &link).await;
    link
}

async fn insert(store: &Store, link: &Link) {
    let mut transaction = begin(store).await;
    transaction.links().insert(link).await.expect("a link is inserted");
    transaction.commit().await.expect("a link is committed");
}

async fn find(store: &Store, id: MailId) -> Option<Link> {
    let mut transaction = begin(store).await;
    let link = transaction.links().find(id).await.expect("a link can be looked for");
    transaction.rollback().await.expect("a read is rolled back");
    link
}

async fn set_expiry(store: &Store, id: MailId, hash: LinkHash, microseconds: Option<i64>) {
    let mut transaction = begin(store).await;
    transaction.links().set_expiry(id, hash, microseconds.map(at)).await.expect("an expiry is set");
    transaction.commit().await.expect("an expiry is committed");
}

/// Consumes a link in a transaction of its own.
async fn consume(store: &Store, id: MailId, purpose: LinkPurpose, hash: LinkHash, microseconds: i64) -> Option<Link> {
    let mut transaction = begin(store).await;
    let link = transaction.links().consume(id, purpose, hash, at(microseconds)).await.expect("a link can be used");
    transaction.commit().await.expect("a use is committed");
    link
}

async fn history(store: &Store, user: UserId, microseconds: i64) -> LinkHistory {
    let mut transaction = begin(store).await;
    let history = transaction.links().history(user, PURPOSE, at(microseconds)).await.expect("links can be counted");
    transaction.rollback().await.expect("a read is rolled back");
    history
}
