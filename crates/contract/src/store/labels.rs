//! Labels: kept as they are, found folded.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    address_book::Numbers,
    contact::{Contact, ContactDetails},
    contact_query::ContactListRequest,
    ids::{ContactId, UserId},
    labels::{Label, LabelKey, Labels},
};

use super::{
    Store,
    steps::{begin, count, delete, find, ids, insert, list, numbered, registered, restore, update},
};
use crate::fixtures::{at, contact};

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

/// Writes the labels of contacts in a transaction of its own, which is undone where one does not exist.
async fn relabel(store: &Store, owner: UserId, contacts: &[Contact]) -> Option<Vec<i64>> {
    let mut transaction = begin(store).await;
    let numbers = Numbers { changes: u32::try_from(contacts.len()).unwrap(), creations: 0 };
    let locked = transaction.address_books().advance(owner, numbers).await.unwrap().unwrap();
    let changes: Vec<_> = contacts.iter().cloned().zip(locked.stamps(numbers.changes)).collect();
    let written = transaction.contacts().relabel(&changes).await.expect("contacts can be relabelled");
    if written {
        transaction.commit().await.unwrap()
    } else {
        transaction.rollback().await.unwrap()
    }
    written.then(|| changes.iter().map(|(_, stamp)| stamp.seq).collect())
}

pub async fn many_contacts_get_other_labels_at_once_each_with_a_number_of_its_own(store: Store) {
    let owner = registered(&store).await.id;
    // So many labels that no statement holds them all.
    let most: Vec<_> = (0..19).map(|number| format!("label {number}")).collect();
    let most: Vec<_> = most.iter().map(String::as_str).collect();
    let before: Vec<Contact> =
        (0..60).map(|_| contact().first("Ada").notes("kept").labels(&["Chess"]).of(owner)).collect();
    insert(&store, &before).await;
    let after: Vec<Contact> = before
        .iter()
        .enumerate()
        .map(|(index, ada)| {
            let own = format!("Own \"{index}\"");
            let labels = contact().first("A").labels(&[&[own.as_str()], &most[..]].concat()).of(owner).details.labels;
            // No other field is written.
            let details = ContactDetails { labels, additional_data: None, ..ada.details.clone() };
            Contact { details, updated_at: at(9), ..ada.clone() }
        })
        .collect();
    assert_eq!(relabel(&store, owner, &after).await, Some((61..=120).collect()));
    for ((index, seq), expected) in (61..=120).enumerate().zip(after) {
        let additional_data = before[index].details.additional_data.clone();
        let details = ContactDetails { additional_data, ..expected.details.clone() };
        assert_eq!(find(&store, owner, expected.id).await, Some(numbered(seq, Contact { details, ..expected })));
        assert_eq!(ids(&list(&store, owner, with_label(&format!("own \"{index}\""))).await), [before[index].id]);
    }
    assert_eq!(count(&store, owner, with_label("LABEL 18")).await, 60);
    assert_eq!(count(&store, owner, with_label("chess")).await, 0);
    // None at all.
    let none: Vec<_> = before
        .iter()
        .map(|ada| {
            let details = ContactDetails { labels: Labels::default(), ..ada.details.clone() };
            Contact { details, ..ada.clone() }
        })
        .collect();
    assert_eq!(relabel(&store, owner, &none).await.map(|numbers| numbers.len()), Some(60));
    assert_eq!(counts(&store, owner).await, []);
    assert_eq!(relabel(&store, owner, &[]).await, Some(vec![]));
}

pub async fn only_live_contacts_of_the_owner_get_other_labels(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let [live, deleted, unknown] = [(); 3].map(|()| contact().first("A").labels(&["Work"]).of(owner));
    let theirs = contact().first("B").labels(&["Work"]).of(other);
    insert(&store, &[live.clone(), deleted.clone()]).await;
    insert(&store, std::slice::from_ref(&theirs)).await;
    assert!(delete(&store, owner, deleted.id).await);
    for missing in [deleted, unknown, theirs] {
        assert_eq!(relabel(&store, owner, &[live.clone(), missing]).await, None);
    }
    for owner in [owner, other] {
        assert_eq!(counts(&store, owner).await, some(&[("Work", 1)]));
    }
}

pub async fn the_contacts_with_a_label_are_counted(store: Store) {
    let (owner, other) = (registered(&store).await.id, registered(&store).await.id);
    let [ada, bea, cid] = [(); 3].map(|()| contact().first("A").labels(&["Łódź", "Work"]).of(owner));
    insert(&store, &[ada.clone(), bea, cid, contact().first("A").labels(&["Lodz 2"]).of(owner)]).await;
    insert(&store, &[contact().first("A").labels(&["Łódź"]).of(other)]).await;
    assert!(delete(&store, owner, ada.id).await);
    let mut transaction = begin(&store).await;
    for (label, expected) in [("LODZ", 2), ("lodz 2", 1), ("lod", 0)] {
        assert_eq!(transaction.contacts().count_labelled(owner, &LabelKey::of(label)).await.unwrap(), expected);
    }
    transaction.rollback().await.unwrap();
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
