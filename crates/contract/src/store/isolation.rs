//! Owners never see or change each other's contacts.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use chrono::NaiveDate;
use contacts_domain::{
    birthday_query::BirthdayQuery,
    birthday_window::{BirthdayWindow, LeapDayRule},
    contact::Contact,
    contact_query::{ContactListRequest, ContactQuery},
    ids::UserId,
    page::PageLimit,
};

use super::{
    Store,
    steps::{advance, begin, birthdays, count, delete, find, insert, list, page, query, registered, update},
};
use crate::fixtures::{contact, crowd, unique_uuid};

pub async fn somebody_elses_contact_is_not_found(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let hers = contact().first("Charles").of(ada);
    insert(&store, std::slice::from_ref(&hers)).await;
    assert_eq!(find(&store, grace, hers.id).await, None);
    let mut transaction = begin(&store).await;
    assert_eq!(transaction.contacts().find(grace, hers.id).await.unwrap(), None);
    transaction.rollback().await.unwrap();
}

pub async fn somebody_elses_contact_is_not_updated(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let hers = contact().first("Charles").of(ada);
    insert(&store, std::slice::from_ref(&hers)).await;
    let stolen = Contact { id: hers.id, ..contact().first("Stolen").of(grace) };
    assert!(!update(&store, &stolen).await);
    // The stamp says whose book is written, whatever the contact says.
    let mut transaction = begin(&store).await;
    let stamp = advance(&mut transaction, grace).await;
    let forged = Contact { owner: ada, ..stolen };
    assert!(!transaction.contacts().update(&forged, &stamp).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(find(&store, ada, hers.id).await, Some(hers));
}

pub async fn somebody_elses_contact_is_not_deleted(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let hers = contact().first("Charles").of(ada);
    insert(&store, std::slice::from_ref(&hers)).await;
    assert!(!delete(&store, grace, hers.id).await);
    assert_eq!(find(&store, ada, hers.id).await, Some(hers));
}

pub async fn two_owners_never_see_each_others_contacts(store: Store) {
    let owners = [registered(&store).await.id, registered(&store).await.id];
    let crowds = owners.map(crowd);
    for crowd in &crowds {
        insert(&store, crowd).await;
    }
    // The first one loses some, so that the two differ in every count.
    for contact in crowds[0].iter().take(10) {
        assert!(delete(&store, owners[0], contact.id).await);
    }
    for (owner, size) in owners.into_iter().zip([50, 60]) {
        assert_eq!(count(&store, owner, ContactListRequest::default()).await, size);
        for request in requests() {
            let listed = list(&store, owner, request.clone()).await;
            assert!(listed.iter().all(|contact| contact.owner == owner), "{request:?}");
            let counted = count(&store, owner, request.clone()).await;
            assert_eq!(counted, listed.len() as u64, "{request:?}");
        }
        let near = birthdays(&store, owner, &whole_year()).await.items;
        assert!(!near.is_empty() && near.iter().all(|contact| contact.owner == owner));
    }
    // Not even from where the other one's page ended.
    let ours = query(owners[0], ContactListRequest { limit: Some("5".into()), ..ContactListRequest::default() });
    let after = page(&store, owners[1], &ours).await.next;
    let behind = page(&store, owners[0], &ContactQuery { after, ..ours }).await;
    assert!(behind.items.iter().all(|contact| contact.owner == owners[0]));
}

pub async fn a_new_owner_sees_nothing(store: Store) {
    let ada = registered(&store).await.id;
    insert(&store, &crowd(ada)).await;
    let new = registered(&store).await.id;
    for request in requests() {
        assert_eq!(list(&store, new, request.clone()).await, [], "{request:?}");
        assert_eq!(count(&store, new, request).await, 0);
    }
    assert_eq!(birthdays(&store, new, &whole_year()).await.items, []);
    // Nor does somebody without an account.
    let nobody = UserId::new(unique_uuid());
    assert_eq!(list(&store, nobody, ContactListRequest::default()).await, []);
}

fn requests() -> Vec<ContactListRequest> {
    let all = ContactListRequest::default;
    let text = |text: &str| Some(text.to_owned());
    vec![
        all(),
        ContactListRequest { sort: text("-updated_at"), ..all() },
        ContactListRequest { first_name: text("a"), ..all() },
        ContactListRequest { last_name: text("lodz"), email: text("@"), ..all() },
        ContactListRequest { q: text("a"), ..all() },
        ContactListRequest { q: text("22"), ..all() },
        ContactListRequest { q: text("ada example"), ..all() },
    ]
}

fn whole_year() -> BirthdayQuery {
    let from = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    BirthdayQuery {
        window: BirthdayWindow::new(from, 366, LeapDayRule::Feb28).unwrap(),
        after: None,
        limit: PageLimit::parse("200").unwrap(),
    }
}
