//! What the contract of mails cannot show of every database: that nobody waits, and what is unreadable.

use std::time::Duration;

use contacts_contract::fixtures::{at, lease, mail_at};
use contacts_diesel::Database;
use contacts_domain::{
    ids::MailId,
    ports::{UnitOfWork, UnitOfWorkFactory},
};

use crate::databases::{PostgresDatabase, open};

const LEASE_TIME: Duration = Duration::from_secs(60);

/// A database where who waits for a lock is told so in the end, instead of never.
async fn impatient() -> PostgresDatabase {
    let database = PostgresDatabase::new().await;
    let alter = "EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''5s''', current_database())";
    database.execute(&format!("DO $$ BEGIN {alter}; END $$")).await;
    database
}

async fn order(store: &Database, count: i64) -> Vec<MailId> {
    let orders: Vec<_> = (0..count).map(|number| mail_at(at(number))).collect();
    let mut work = store.begin().await.unwrap();
    for order in &orders {
        work.outbox().order(order).await.unwrap();
    }
    work.commit().await.unwrap();
    orders.into_iter().map(|order| order.id).collect()
}

/// Claims two mails a minute after they were due, in a transaction that stays open.
async fn claim(work: &mut Box<dyn UnitOfWork>) -> Vec<MailId> {
    let claimed = work.outbox().claim(lease(), at(60_000_000), LEASE_TIME, 2).await.unwrap();
    claimed.into_iter().map(|mail| mail.order.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn claimers_on_postgres_do_not_wait_for_each_other() {
    let database = impatient().await;
    let store = open(database.url()).await;
    let mails = order(&store, 5).await;
    let mut works = Vec::new();
    for expected in [&mails[..2], &mails[2..4], &mails[4..], &[]] {
        let mut work = store.begin().await.unwrap();
        assert_eq!(claim(&mut work).await, expected);
        works.push(work);
    }
    works.swap_remove(0).rollback().await.unwrap();
    let mut work = store.begin().await.unwrap();
    assert_eq!(claim(&mut work).await, mails[..2], "what was given back is claimed by the next");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_being_settled_on_postgres_is_passed_over_though_its_lease_is_over() {
    let database = impatient().await;
    let store = open(database.url()).await;
    let mails = order(&store, 2).await;
    let holder = lease();
    let mut work = store.begin().await.unwrap();
    work.outbox().claim(holder, at(0), LEASE_TIME, 1).await.unwrap();
    work.commit().await.unwrap();
    let mut settling = store.begin().await.unwrap();
    assert!(settling.outbox().settle(mails[0], holder).await.unwrap());
    let mut other = store.begin().await.unwrap();
    assert_eq!(claim(&mut other).await, mails[1..]);
    other.rollback().await.unwrap();
    settling.commit().await.unwrap();
}

/// Stores mails that were due before any other, and that no code has ordered.
async fn store_unreadable(database: &PostgresDatabase) {
    for columns in [
        "'invoice', NULL, 'a@b.c', NULL, 0",
        "'verify_email', NULL, NULL, NULL, 0",
        "'password_changed', gen_random_uuid(), 'a@b.c', NULL, 0",
        "'verify_email', NULL, 'a@b.c', NULL, -7",
    ] {
        let insert = "INSERT INTO outbox (subject, user_id, address, new_address, attempts, id, created_at, due_at)";
        let values = format!("VALUES ({columns}, gen_random_uuid(), '1970-01-01', '1970-01-01')");
        database.execute(&format!("{insert} {values}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_no_code_knows_are_given_up_and_do_not_keep_the_others() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    let mails = order(&store, 3).await;
    store_unreadable(&database).await;
    let mut work = store.begin().await.unwrap();
    assert_eq!(claim(&mut work).await, mails[..2]);
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    assert_eq!(claim(&mut work).await, mails[2..]);
    assert_eq!(work.outbox().requeue_all(at(0)).await.unwrap(), 4);
    work.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_no_code_knows_do_not_keep_the_others_that_were_given_up_from_being_listed() {
    let database = PostgresDatabase::new().await;
    let store = open(database.url()).await;
    let mails = order(&store, 3).await;
    store_unreadable(&database).await;
    let holder = lease();
    let mut work = store.begin().await.unwrap();
    work.outbox().claim(holder, at(60_000_000), LEASE_TIME, 3).await.unwrap();
    for (time, mail) in (60_000_001..).zip(&mails) {
        assert!(work.outbox().bury(*mail, holder, at(time), "refused").await.unwrap());
    }
    work.commit().await.unwrap();
    for (limit, expected) in [(0, &mails[..0]), (2, &mails[..2]), (3, &mails[..]), (20, &mails[..])] {
        let dead = store.read().outbox().dead(limit).await.unwrap();
        assert_eq!(dead.into_iter().map(|dead| dead.order.id).collect::<Vec<_>>(), expected);
    }
}
