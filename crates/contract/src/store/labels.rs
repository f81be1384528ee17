//! Labels: kept as they are, found folded.

use contacts_domain::{
    contact::Contact,
    contact_query::ContactListRequest,
    ids::{ContactId, UserId},
    labels::{Label, LabelKey},
};

use super::{
    Store,
    steps::{begin, count, delete, find, ids, insert, list, numbered, registered, restore, update},
};
use crate::fixtures::contact;

fn with_label(label: &str) -> ContactListRequest {
    ContactListRequest { label: Some(label.into()), ..ContactListRequest::default() }
}

/// The labels of an owner with how many contacts have each.
async fn counts(store: &Store, owner: UserId) -> Vec<(String, u64)> {
    let counts = store.read().contacts().labels(owner).await.expect("labels can be counted");
    counts.into_iter().map(|count| (count.label.as_str().to_owned(), count.contacts)).collect()
}

fn some(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect()
}

pub async fn labels_come_back_in_order_and_case(store: Store) {
    let owner = registered(&store).await.id;
    let labels = ["Zoo", "Łódź", "\"quoted\" \\", "夏目", "100%", "a,b", "[]"];
    let ada = contact().first("Ada").labels(&labels).of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    let found = find(&store, owner, ada.id).await.unwrap();
    let texts: Vec<_> = found.details.labels.as_slice().iter().map(Label::as_str).collect();
    assert_eq!(texts, labels);
    assert_eq!(list(&store, owner, ContactListRequest::default()).await, [ada]);
}

pub async fn a_filter_by_label_is_whole_and_folded(store: Store) {
    let owner = registered(&store).await.id;
    let [lodz, city, none] =
        [&["Łódź"][..], &["Łódź city", "Work"], &[]].map(|labels| contact().first("A").labels(labels).of(owner));
    insert(&store, &[lodz.clone(), city.clone(), none]).await;
    for (label, expected) in
        [("LODZ", vec![lodz.id]), ("łódź city", vec![city.id]), ("work", vec![city.id]), ("lod", vec![])]
    {
        assert_eq!(ids(&list(&store, owner, with_label(label)).await), expected, "{label}");
        assert_eq!(count(&store, owner, with_label(label)).await, expected.len() as u64, "{label}");
    }
    let both = ContactListRequest { q: Some("b".into()), ..with_label("work") };
    assert_eq!(ids(&list(&store, owner, both).await), []);
}

pub async fn labels_are_counted_by_key(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let labelled = |owner, labels: &[&str]| contact().first("A").labels(labels).of(owner);
    insert(&store, &[labelled(owner, &["work", "Chess"]), labelled(owner, &["WORK"]), labelled(owner, &[])]).await;
    insert(&store, &[labelled(other, &["Secret"])]).await;
    // One of the spellings, always the same.
    assert_eq!(counts(&store, owner).await, some(&[("Chess", 1), ("WORK", 2)]));
    assert_eq!(list(&store, owner, with_label("secret")).await, []);
}

pub async fn an_update_replaces_labels(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").labels(&["Work", "Chess"]).of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    let steps = [
        &["chess", "New"][..],
        &[],
        &["Last"],
        // As they are, one more, in another order, one in another spelling, one fewer.
        &["Last"],
        &["Last", "More"],
        &["More", "Last"],
        &["MORE", "Last"],
        &["MORE"],
    ];
    for (seq, labels) in (2..).zip(steps) {
        let details = contact().first("Ada").labels(labels).of(owner).details;
        let changed = numbered(seq, Contact { details, ..ada.clone() });
        assert!(update(&store, &changed).await);
        assert_eq!(find(&store, owner, ada.id).await, Some(changed));
        let expected: Vec<_> = labels.iter().map(|label| (*label, 1)).collect();
        let mut counted = counts(&store, owner).await;
        counted.sort_by_key(|(label, _)| labels.iter().position(|known| known == label));
        assert_eq!(counted, some(&expected));
    }
}

pub async fn labels_of_what_is_in_the_trash_do_not_count(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").labels(&["Work"]).of(owner);
    insert(&store, std::slice::from_ref(&ada)).await;
    assert!(delete(&store, owner, ada.id).await);
    assert_eq!(counts(&store, owner).await, []);
    assert_eq!(labelled(&store, owner, "work", None, 10).await, []);
    assert!(restore(&store, owner, ada.id).await.is_some());
    assert_eq!(counts(&store, owner).await, some(&[("Work", 1)]));
    assert_eq!(ids(&list(&store, owner, with_label("work")).await), [ada.id]);
}

async fn labelled(store: &Store, owner: UserId, label: &str, after: Option<ContactId>, limit: u32) -> Vec<ContactId> {
    let mut transaction = begin(store).await;
    let found = transaction.contacts().labelled(owner, &LabelKey::of(label), after, limit).await.unwrap();
    transaction.rollback().await.unwrap();
    ids(&found)
}

pub async fn the_contacts_with_a_label_are_walked_by_id(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let people: Vec<Contact> = (0..7).map(|_| contact().first("A").labels(&["Work"]).of(owner)).collect();
    insert(&store, &people).await;
    insert(&store, &[contact().first("B").labels(&["Chess"]).of(owner), contact().first("C").of(owner)]).await;
    insert(&store, &[contact().first("D").labels(&["Work"]).of(other)]).await;
    let mut expected = ids(&people);
    expected.sort_unstable();
    let (mut walked, mut after) = (Vec::<ContactId>::new(), None);
    loop {
        let some = labelled(&store, owner, "work", after, 3).await;
        after = some.last().copied();
        walked.extend(&some);
        if some.len() < 3 {
            break;
        }
    }
    assert_eq!(walked, expected);
}
