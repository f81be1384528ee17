//! SQLite: what waits for the writer at the same time is committed at once.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use contacts_contract::fixtures::{password_hash, user};
use contacts_diesel::Database;
use contacts_domain::{
    ids::UserId,
    ports::{RepositoryError, UnitOfWork, UnitOfWorkFactory},
    user::User,
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, Either, join, join_all, select},
};

use crate::databases::{SqliteDatabase, open};

type Done<'a, T> = BoxFuture<'a, T>;

/// A user's registration, from the beginning of its transaction to the acknowledgement.
fn register(store: &Database, user: User) -> Done<'_, Result<(), RepositoryError>> {
    Box::pin(async move {
        let mut work = store.begin().await?;
        match work.users().insert(&user, &password_hash()).await {
            Ok(()) => work.commit().await,
            Err(error) => {
                work.rollback().await?;
                Err(error)
            }
        }
    })
}

/// What comes of these if all wait for the writer when it becomes free.
async fn together<T>(holder: Box<dyn UnitOfWork>, mut waiting: Vec<Done<'_, T>>) -> Vec<T> {
    for work in &mut waiting {
        assert!(work.now_or_never().is_none());
    }
    let (committed, done) = join(holder.commit(), join_all(waiting)).await;
    committed.unwrap();
    done
}

async fn is_there(store: &Database, id: UserId) -> bool {
    store.read().users().find(id).await.unwrap().is_some()
}

/// How many commits are in the log ahead of the database: each was one wait for the disk.
fn commits(database: &Path) -> usize {
    let log = std::fs::read(database.with_extension("db-wal")).unwrap();
    if log.is_empty() {
        return 0;
    }
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    // https://sqlite.org/fileformat2.html#walformat: a header of 32 bytes; before each page one of 24, in which the
    // second number is not 0 where the page ends a commit. Pages with other salts are left of before.
    let frame = 24 + number(8) as usize;
    (32..log.len()).step_by(frame).filter(|at| log[at + 8..at + 16] == log[16..24] && number(at + 4) != 0).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_the_writer_is_committed_at_once() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let users: Vec<User> = (0..16).map(|_| user()).collect();
    let before = commits(&database.path());
    let holder = store.begin().await.unwrap();
    let done = together(holder, users.iter().map(|user| register(&store, user.clone())).collect()).await;
    for (result, user) in done.into_iter().zip(&users) {
        result.unwrap();
        assert!(is_there(&store, user.id).await);
    }
    assert_eq!(commits(&database.path()) - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_one_by_one_is_committed_one_by_one() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let before = commits(&database.path());
    for _ in 0..3 {
        register(&store, user()).await.unwrap();
    }
    assert_eq!(commits(&database.path()) - before, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_spoils_no_other_of_its_commit() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let (first, last) = (user(), user());
    let same_address = User { email: first.email.clone(), ..user() };
    let holder = store.begin().await.unwrap();
    let waiting = [&first, &same_address, &last].map(|user| register(&store, user.clone()));
    let mut done = together(holder, waiting.into()).await.into_iter();
    done.next().unwrap().unwrap();
    assert!(matches!(done.next().unwrap(), Err(RepositoryError::Conflict(_))));
    done.next().unwrap().unwrap();
    assert!(is_there(&store, first.id).await && is_there(&store, last.id).await);
    assert!(!is_there(&store, same_address.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_abandoned_is_undone_and_holds_up_nobody() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let (first, abandoned, last) = (user(), user(), user());
    let abandon: Done<'_, Result<(), RepositoryError>> = Box::pin(async {
        let mut work = store.begin().await?;
        work.users().insert(&abandoned, &password_hash()).await
    });
    let holder = store.begin().await.unwrap();
    let waiting = vec![register(&store, first.clone()), abandon, register(&store, last.clone())];
    for result in together(holder, waiting).await {
        result.unwrap();
    }
    assert!(is_there(&store, first.id).await && is_there(&store, last.id).await);
    assert!(!is_there(&store, abandoned.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_gave_up_waiting_holds_up_nobody() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let holder = store.begin().await.unwrap();
    let mut gone = register(&store, user());
    assert!((&mut gone).now_or_never().is_none());
    drop(gone);
    let last = user();
    for result in together(holder, vec![register(&store, last.clone())]).await {
        result.unwrap();
    }
    assert!(is_there(&store, last.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_wrote_is_told_to_nobody_before_it_is_committed() {
    let database = SqliteDatabase::new();
    let store = open(database.url()).await;
    let (user, told) = (user(), AtomicBool::new(false));
    let find = async {
        let mut work = store.begin().await.unwrap();
        let found = work.users().lock(user.id).await.unwrap().is_some();
        work.rollback().await.unwrap();
        told.store(true, Ordering::SeqCst);
        found
    };
    let holder = store.begin().await.unwrap();
    let mut both = Box::pin(join(register(&store, user.clone()), find));
    assert!((&mut both).now_or_never().is_none());
    let mut last = Box::pin(store.begin());
    assert!((&mut last).now_or_never().is_none());
    holder.rollback().await.unwrap();
    let Either::Right((last, both)) = select(both, last).await else { panic!("told before the commit") };
    // Whoever was told before the last one got its turn knows by now.
    let mut both = both;
    assert!((&mut both).now_or_never().is_none());
    assert!(!told.load(Ordering::SeqCst));
    last.unwrap().rollback().await.unwrap();
    let (registered, found) = both.await;
    registered.unwrap();
    assert!(found);
}
