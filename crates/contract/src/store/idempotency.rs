//! Requests that happen once: who carries one out, and what it was answered.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::{
    idempotency::{
        Fingerprint, IdempotencyKey, IdempotentRequest, KEEP_LONG_ANSWERS, KeptAnswer, Reservation, Reserved,
    },
    ids::UserId,
};

use super::{
    Store,
    steps::{advance, begin, find, insert, register, registered},
};
use crate::fixtures::{at, contact, lease, unique_uuid, user};

pub(super) const SECOND: i64 = 1_000_000;
/// How long each lease of the cases is.
pub(super) const LEASE: i64 = 30 * SECOND;
const DAY: i64 = 86_400 * SECOND;

pub async fn a_request_is_in_flight_until_its_lease_is_over(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    let in_flight = Some(Reserved::InFlight { until: first.leased_until });
    for time in [0, LEASE - 1] {
        assert_eq!(reserve(&store, &again(&first, time)).await, in_flight);
    }
}

pub async fn an_answer_comes_back_byte_for_byte(store: Store) {
    let user = registered(&store).await.id;
    let full = KeptAnswer {
        status: 201,
        location: Some("/contacts/8e03978e?a=ż%20".into()),
        entity_tag: Some("\"1a-ff\"".into()),
        body: (0..=255).cycle().take(1000).collect(),
    };
    let empty = KeptAnswer { status: 599, location: None, entity_tag: None, body: Vec::new() };
    for answer in [full, empty] {
        let first = reservation(user);
        assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
        assert!(keep(&store, &first, &answer).await);
        for time in [0, LEASE, DAY] {
            let answered = reserve(&store, &again(&first, time)).await;
            assert_eq!(answered, Some(Reserved::Answered(answer.clone())));
        }
    }
}

pub async fn a_key_of_another_request_is_reused(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    let mut other = again(&first, LEASE - 1);
    other.request.fingerprint.0[31] ^= 1;
    assert_eq!(reserve(&store, &other).await, Some(Reserved::Reused), "in flight");
    assert!(keep(&store, &first, &answer()).await);
    assert_eq!(reserve(&store, &other).await, Some(Reserved::Reused), "answered");
    assert_eq!(reserve(&store, &again(&first, DAY)).await, Some(Reserved::Answered(answer())));
}

pub async fn another_user_operation_or_key_is_another_request(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let first = reservation(ada);
    let request = &first.request;
    let key = |text: String| IdempotencyKey::parse(&text).unwrap();
    let others = [
        IdempotentRequest { user: grace, ..request.clone() },
        IdempotentRequest { operation: "POST /contacts/batch".into(), ..request.clone() },
        IdempotentRequest { key: key(format!("{}x", request.key.as_str())), ..request.clone() },
        IdempotentRequest { key: key(request.key.as_str().to_uppercase()), ..request.clone() },
    ];
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    assert!(keep(&store, &first, &answer()).await);
    for request in others {
        let other = Reservation { request, ..again(&first, 0) };
        assert_eq!(reserve(&store, &other).await, Some(Reserved::Ours));
        release(&store, &other).await;
    }
    assert_eq!(reserve(&store, &again(&first, 0)).await, Some(Reserved::Answered(answer())));
}

pub async fn whose_lease_is_over_is_replaced_and_keeps_nothing(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    // It was not answered, and so it may just as well be another request.
    let mut second = again(&first, LEASE);
    second.request.fingerprint.0[0] ^= 1;
    assert_eq!(reserve(&store, &second).await, Some(Reserved::Ours));
    let late = KeptAnswer { status: 200, ..answer() };
    assert!(!keep(&store, &first, &late).await);
    let third = Reservation { request: second.request.clone(), ..again(&first, LEASE) };
    assert_eq!(reserve(&store, &third).await, Some(Reserved::InFlight { until: second.leased_until }));
    assert!(keep(&store, &second, &answer()).await);
    assert!(!keep(&store, &first, &late).await);
    assert_eq!(reserve(&store, &third).await, Some(Reserved::Answered(answer())));
}

pub async fn a_lease_that_is_over_but_not_replaced_still_counts(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert!(!keep(&store, &first, &answer()).await, "nothing was reserved yet");
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    assert!(keep(&store, &first, &answer()).await);
    assert_eq!(reserve(&store, &again(&first, 2 * LEASE)).await, Some(Reserved::Answered(answer())));
}

pub async fn what_is_given_back_is_free(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    release(&store, &first).await;
    assert!(!keep(&store, &first, &answer()).await);
    let second = again(&first, 0);
    assert_eq!(reserve(&store, &second).await, Some(Reserved::Ours));
    // Whoever held it before has nothing to give back.
    release(&store, &first).await;
    assert_eq!(reserve(&store, &again(&first, 0)).await, Some(Reserved::InFlight { until: second.leased_until }));
    assert!(keep(&store, &second, &answer()).await);
    release(&store, &second).await;
    assert_eq!(reserve(&store, &again(&first, 0)).await, Some(Reserved::Answered(answer())));
}

pub async fn of_long_answers_the_oldest_are_forgotten_where_there_is_no_room(store: Store) {
    let (ada, grace) = (registered(&store).await.id, registered(&store).await.id);
    let a_third = KeptAnswer { body: vec![b'x'; KEEP_LONG_ANSWERS / 3], ..answer() };
    let mut kept = Vec::new();
    for (user, time, answer) in [
        (ada, 3, a_third.clone()),
        (ada, 0, answer()),
        (grace, 1, a_third.clone()),
        (ada, 2, a_third.clone()),
        (ada, 4, a_third.clone()),
        // Whatever the clock of its replica says, the last one is kept.
        (ada, 1, a_third.clone()),
    ] {
        let first = again(&reservation(user), time * SECOND);
        assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
        assert!(keep(&store, &first, &answer).await);
        kept.push(first);
    }
    for (index, first) in kept.iter().enumerate() {
        let known = matches!(reserve(&store, first).await, Some(Reserved::Answered(_)));
        assert_eq!(known, index != 3, "{index}");
    }
}

pub async fn after_24_hours_a_key_is_free(store: Store) {
    let first = reservation(registered(&store).await.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    assert!(keep(&store, &first, &answer()).await);
    assert_eq!(reserve(&store, &again(&first, DAY)).await, Some(Reserved::Answered(answer())));
    let mut next = again(&first, DAY + 1);
    next.request.fingerprint.0[0] ^= 1;
    assert_eq!(reserve(&store, &next).await, Some(Reserved::Ours));
    // Nothing of the former answer is left, and the time begins anew.
    let third = Reservation { request: next.request.clone(), ..again(&first, DAY + LEASE) };
    assert_eq!(reserve(&store, &third).await, Some(Reserved::InFlight { until: next.leased_until }));
    let bare = KeptAnswer { status: 200, location: None, entity_tag: None, body: vec![0] };
    assert!(keep(&store, &next, &bare).await);
    let late = Reservation { request: next.request.clone(), ..again(&first, 2 * DAY) };
    assert_eq!(reserve(&store, &late).await, Some(Reserved::Answered(bare)));
}

pub async fn an_answer_and_its_effect_are_one_transaction(store: Store) {
    let owner = registered(&store).await.id;
    let ada = contact().first("Ada").of(owner);
    let first = reservation(owner);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    for commits in [false, true] {
        let mut transaction = begin(&store).await;
        let stamp = advance(&mut transaction, owner).await;
        transaction.contacts().insert(&ada, &stamp).await.unwrap();
        assert!(transaction.idempotency().keep(&first, &answer()).await.unwrap());
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
            assert_eq!(find(&store, owner, ada.id).await, None);
            let in_flight = Some(Reserved::InFlight { until: first.leased_until });
            assert_eq!(reserve(&store, &again(&first, 0)).await, in_flight);
        }
    }
    assert!(find(&store, owner, ada.id).await.is_some());
    assert_eq!(reserve(&store, &again(&first, 0)).await, Some(Reserved::Answered(answer())));
}

pub async fn a_reservation_that_was_undone_is_free(store: Store) {
    let first = reservation(registered(&store).await.id);
    let mut transaction = begin(&store).await;
    assert_eq!(transaction.idempotency().reserve(&first).await.unwrap(), Some(Reserved::Ours));
    transaction.rollback().await.unwrap();
    assert_eq!(reserve(&store, &again(&first, 0)).await, Some(Reserved::Ours));
}

pub async fn requests_of_all_users_are_purged_by_time(store: Store) {
    let mut requests = Vec::new();
    for _ in 0..2 {
        let user = registered(&store).await.id;
        for (time, answered) in [(4, true), (4, false), (5, true)] {
            let request = again(&reservation(user), time);
            assert_eq!(reserve(&store, &request).await, Some(Reserved::Ours));
            assert_eq!(answered, answered && keep(&store, &request, &answer()).await);
            requests.push((request, time));
        }
    }
    for expected in [4, 0] {
        let mut transaction = begin(&store).await;
        assert_eq!(transaction.idempotency().purge(at(5)).await.unwrap(), expected);
        transaction.commit().await.unwrap();
    }
    for (request, time) in requests {
        let expected = if time < 5 { Reserved::Ours } else { Reserved::Answered(answer()) };
        assert_eq!(reserve(&store, &again(&request, 6)).await, Some(expected));
    }
}

pub async fn requests_go_with_their_user(store: Store) {
    let (ada, grace) = (registered(&store).await, registered(&store).await.id);
    let (hers, others) = (reservation(ada.id), reservation(grace));
    for request in [&hers, &others] {
        assert_eq!(reserve(&store, request).await, Some(Reserved::Ours));
        assert!(keep(&store, request, &answer()).await);
    }
    delete_user(&store, ada.id).await;
    assert!(!keep(&store, &hers, &answer()).await);
    register(&store, &ada).await;
    assert_eq!(reserve(&store, &again(&hers, 0)).await, Some(Reserved::Ours));
    assert_eq!(reserve(&store, &again(&others, 0)).await, Some(Reserved::Answered(answer())));
}

pub async fn nobody_reserves_for_a_user_who_is_gone(store: Store) {
    let user = user();
    register(&store, &user).await;
    let first = reservation(user.id);
    assert_eq!(reserve(&store, &first).await, Some(Reserved::Ours));
    delete_user(&store, user.id).await;
    let somebody = registered(&store).await.id;
    let ada = contact().first("Ada").of(somebody);
    insert(&store, std::slice::from_ref(&ada)).await;
    let mut transaction = begin(&store).await;
    for nobody in [user.id, UserId::new(unique_uuid())] {
        assert_eq!(transaction.idempotency().reserve(&reservation(nobody)).await.unwrap(), None);
    }
    // Nothing went wrong: the transaction goes on.
    assert_eq!(transaction.idempotency().reserve(&reservation(somebody)).await.unwrap(), Some(Reserved::Ours));
    transaction.commit().await.unwrap();
}

/// A request that nobody has made before, reserved at the beginning.
pub(super) fn reservation(user: UserId) -> Reservation {
    let key = IdempotencyKey::parse(&unique_uuid().to_string()).expect("a key");
    let request =
        IdempotentRequest { user, operation: "POST /contacts".into(), key, fingerprint: Fingerprint([0xa5; 32]) };
    reserved_at(request, 0)
}

/// Another attempt at a request.
pub(super) fn again(first: &Reservation, time: i64) -> Reservation {
    reserved_at(first.request.clone(), time)
}

fn reserved_at(request: IdempotentRequest, time: i64) -> Reservation {
    Reservation { request, lease: lease(), reserved_at: at(time), leased_until: at(time + LEASE) }
}

pub(super) fn answer() -> KeptAnswer {
    let body = b"{\"id\":1}".to_vec();
    KeptAnswer { status: 201, location: Some("/contacts/1".into()), entity_tag: Some("\"1\"".into()), body }
}

pub(super) async fn reserve(store: &Store, reservation: &Reservation) -> Option<Reserved> {
    let mut transaction = begin(store).await;
    let reserved = transaction.idempotency().reserve(reservation).await.expect("a request can be reserved");
    transaction.commit().await.expect("a reservation is committed");
    reserved
}

async fn keep(store: &Store, reservation: &Reservation, answer: &KeptAnswer) -> bool {
    let mut transaction = begin(store).await;
    let kept = transaction.idempotency().keep(reservation, answer).await.expect("an answer can be kept");
    transaction.commit().await.expect("an answer is committed");
    kept
}

async fn release(store: &Store, reservation: &Reservation) {
    let mut transaction = begin(store).await;
    transaction.idempotency().release(reservation).await.expect("a request can be given back");
    transaction.commit().await.expect("it is committed");
}

pub(super) async fn delete_user(store: &Store, id: UserId) {
    let mut transaction = begin(store).await;
    assert!(transaction.users().delete(id).await.expect("a user can be deleted"));
    transaction.commit().await.expect("a deletion is committed");
}
