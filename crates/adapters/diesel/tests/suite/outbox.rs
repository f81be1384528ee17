//! What the contract of mails cannot show of every database: that nobody waits, and what is unreadable.

use std::time::Duration;

use contacts_contract::fixtures::{at, lease, mail_at};
use contacts_diesel::Database;
use contacts_domain::{
    ids::MailId,
    ports::{RepositoryError, UnitOfWork, UnitOfWorkFactory},
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

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_no_code_knows_is_inconsistent() {
    for columns in [
        "'invoice', NULL, 'a@b.c', NULL",
        "'verify_email', NULL, NULL, NULL",
        "'password_changed', gen_random_uuid(), 'a@b.c', NULL",
    ] {
        let database = PostgresDatabase::new().await;
        let store = open(database.url()).await;
        let insert = "INSERT INTO outbox (subject, user_id, address, new_address, id, created_at, due_at, attempts)";
        let values = format!("VALUES ({columns}, gen_random_uuid(), '2026-01-01', '2026-01-01', 0)");
        database.execute(&format!("{insert} {values}")).await;
        let mut work = store.begin().await.unwrap();
        let error = work.outbox().claim(lease(), at(0), LEASE_TIME, 1).await.unwrap_err();
        assert!(matches!(error, RepositoryError::Inconsistent(_)), "{columns}: {error:?}");
        work.rollback().await.unwrap();
    }
}
