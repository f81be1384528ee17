//! The one writer of SQLite.
//!
//! Transactions follow each other. What costs is the commit, which waits for the disk: so those that wait for the writer
//! when one of them ends are committed together, and each is acknowledged when that is done. Each is a savepoint of the
//! common transaction: one that fails takes nothing of the others with it.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::{Duration, Instant},
};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use diesel::{
    ConnectionResult, QueryResult, SqliteConnection,
    connection::{AnsiTransactionManager, TransactionManager},
    result::{DatabaseErrorKind, Error},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard, mpsc, oneshot},
    time::timeout,
};

use super::{SqliteConn, connect, search_merges::merge_some};
use crate::error::{is_locked, translate};

/// How many transactions one commit holds at most: the first of them waits for the last.
const MOST: usize = 64;
/// How long others are taken in at most.
const LONGEST: Duration = Duration::from_secs(1);
/// How many may wait to be asked: more than connections are accepted.
const QUEUE: usize = 65_536;
/// The shortest time that can be waited for.
const TICK: Duration = Duration::from_millis(1);
/// How long those who may come are waited for at most, all of them together.
const GRACE: Duration = Duration::from_millis(10);
/// How long nobody wrote when what was left for later is done.
const REST: Duration = Duration::from_millis(100);

/// Hands out the right to write, in the order in which it was asked for.
#[derive(Clone)]
pub(crate) struct Writer {
    asks: mpsc::Sender<Ask>,
    patience: Duration,
}

type Ask = oneshot::Sender<QueryResult<WriterTurn>>;
type Acknowledge = oneshot::Sender<QueryResult<()>>;

impl Writer {
    /// Opens the connection. It is kept in a task of its own, until nobody has this any more. `patience` is how long one
    /// waits for a turn.
    pub(crate) async fn open(path: String, patience: Duration) -> ConnectionResult<Self> {
        let connection = connect(&path).await?;
        let (asks, asked) = mpsc::channel(QUEUE);
        let connection = Some(Arc::new(Mutex::new(connection)));
        let task = Task { path, connection, asked, expected: 0, commit_time: Duration::ZERO, is_untidy: true };
        tokio::spawn(task.run());
        Ok(Self { asks, patience })
    }

    /// A transaction that has begun.
    pub(crate) async fn begin(&self) -> RepositoryResult<WriterTurn> {
        let (ask, answer) = oneshot::channel();
        let turn = async {
            self.asks.send(ask).await.map_err(unavailable)?;
            answer.await.map_err(unavailable)
        };
        let begun = timeout(self.patience, turn).await.map_err(unavailable)??;
        begun.map_err(|error| translate(error, false))
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RepositoryError {
    RepositoryError::Unavailable(error.into())
}

/// A transaction. What it wrote is undone where this is dropped.
pub(crate) struct WriterTurn {
    connection: OwnedMutexGuard<SqliteConn>,
    end: oneshot::Sender<End>,
}

/// How a transaction ends.
enum End {
    Commit(Acknowledge),
    RollBack(Acknowledge),
    Abandoned,
}

impl WriterTurn {
    /// Waits until what was written is on the disk.
    pub(crate) async fn commit(self) -> QueryResult<()> {
        self.end(End::Commit).await
    }

    pub(crate) async fn roll_back(self) -> QueryResult<()> {
        self.end(End::RollBack).await
    }

    async fn end(self, how: impl FnOnce(Acknowledge) -> End) -> QueryResult<()> {
        let Self { connection, end } = self;
        drop(connection);
        let (acknowledge, acknowledged) = oneshot::channel();
        // Nobody listens where the writer has ended, and then nobody acknowledges.
        let _ = end.send(how(acknowledge));
        acknowledged.await.unwrap_or_else(|error| Err(lost(&error)))
    }
}

impl Deref for WriterTurn {
    type Target = SqliteConn;

    fn deref(&self) -> &SqliteConn {
        &self.connection
    }
}

impl DerefMut for WriterTurn {
    fn deref_mut(&mut self) -> &mut SqliteConn {
        &mut self.connection
    }
}

/// What is committed together.
#[derive(Default)]
struct Group {
    /// Who is told when it is done: also who only read, for what was read may be what another one of these wrote.
    acknowledges: Vec<Acknowledge>,
    has_written: bool,
}

/// What has the connection.
struct Task {
    path: String,
    /// `None` where it failed: it is opened anew.
    connection: Option<Arc<Mutex<SqliteConn>>>,
    asked: mpsc::Receiver<Ask>,
    /// How many transactions the last commit held, and how many asked meanwhile.
    expected: usize,
    commit_time: Duration,
    /// Whether there was a write since everything was tidied up.
    is_untidy: bool,
}

impl Task {
    async fn run(mut self) {
        while let Some(ask) = self.next().await {
            let mut group = Group::default();
            let committed = self.carry_out(ask, &mut group).await;
            self.is_untidy = true;
            if committed.is_err() {
                // Who knows what it is in the middle of.
                self.connection = None;
            }
            for acknowledge in group.acknowledges {
                let _ = acknowledge.send(committed.as_ref().map_err(lost).copied());
            }
        }
    }

    /// Who is to write next. While there is nobody for a while, what writes left for later is done, piece by piece.
    async fn next(&mut self) -> Option<Ask> {
        if self.is_untidy {
            if let Ok(next) = timeout(REST, self.asked.recv()).await {
                return next;
            }
            while self.asked.is_empty() && self.tidy_up().await {}
        }
        self.asked.recv().await
    }

    /// Whether there is more to do.
    async fn tidy_up(&mut self) -> bool {
        let Some(connection) = &self.connection else { return false };
        let merged = blocking(connection, merge_some).await;
        self.is_untidy = merged.unwrap_or_else(|error| {
            tracing::warn!(%error, "the search index was not merged: searches take longer until it is");
            false
        });
        self.is_untidy
    }

    /// Carries out this transaction and those that wait when it ends, and commits what became of them.
    async fn carry_out(&mut self, first: Ask, group: &mut Group) -> QueryResult<()> {
        if first.is_closed() {
            return Ok(());
        }
        let connection = match self.connection().await {
            Ok(connection) => connection,
            Err(error) => {
                let _ = first.send(Err(lost(&error)));
                return Err(lost(&error));
            }
        };
        if let Err(error) = blocking(&connection, begin).await {
            // Where another process writes and does not end, the connection is none the worse for it.
            let result = if is_locked(&error) { Ok(()) } else { Err(lost(&error)) };
            let _ = first.send(Err(error));
            return result;
        }
        let (begun, mut turns, mut patience) = (Instant::now(), 0, self.commit_time.min(GRACE));
        let mut next = Some(first);
        while let Some(ask) = next {
            turn(&connection, ask, group).await?;
            turns += 1;
            next =
                if turns < MOST && begun.elapsed() < LONGEST { self.another(turns, &mut patience).await } else { None };
        }
        let begun = Instant::now();
        let end = if group.has_written { Manager::commit_transaction } else { Manager::rollback_transaction };
        blocking(&connection, end).await?;
        self.commit_time = begun.elapsed();
        self.expected = turns + self.asked.len();
        Ok(())
    }

    /// Who else there is to write. Those who were told a moment ago often come again: where fewer have come than before,
    /// they are waited for, not longer in sum than the last commit took.
    async fn another(&mut self, turns: usize, patience: &mut Duration) -> Option<Ask> {
        if let Ok(ask) = self.asked.try_recv() {
            return Some(ask);
        }
        if turns >= self.expected || *patience < TICK {
            return None;
        }
        let since = Instant::now();
        let ask = timeout(*patience, self.asked.recv()).await.ok().flatten();
        *patience = patience.saturating_sub(since.elapsed());
        ask
    }

    async fn connection(&mut self) -> ConnectionResult<Arc<Mutex<SqliteConn>>> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let connection = Arc::new(Mutex::new(connect(&self.path).await?));
        Ok(self.connection.insert(connection).clone())
    }
}

type Manager = AnsiTransactionManager;

/// Through the transaction manager, so that what follows is known to be inside a transaction. A plain BEGIN would read
/// first and find another writer in its way when it writes.
fn begin(connection: &mut SqliteConnection) -> QueryResult<()> {
    Manager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
}

/// One transaction, from its beginning to its end.
async fn turn(connection: &Arc<Mutex<SqliteConn>>, ask: Ask, group: &mut Group) -> QueryResult<()> {
    if ask.is_closed() {
        return Ok(());
    }
    blocking(connection, Manager::begin_transaction).await?;
    let (end, ended) = oneshot::channel();
    // Where nobody waits any more, the turn comes back with its end unsaid.
    let _ = ask.send(Ok(WriterTurn { connection: connection.clone().lock_owned().await, end }));
    match ended.await.unwrap_or(End::Abandoned) {
        End::Commit(acknowledge) => {
            group.acknowledges.push(acknowledge);
            blocking(connection, Manager::commit_transaction).await?;
            group.has_written = true;
        }
        End::RollBack(acknowledge) => {
            blocking(connection, Manager::rollback_transaction).await?;
            if group.has_written {
                group.acknowledges.push(acknowledge);
            } else {
                let _ = acknowledge.send(Ok(()));
            }
        }
        End::Abandoned => blocking(connection, Manager::rollback_transaction).await?,
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(
    connection: &Mutex<SqliteConn>,
    work: fn(&mut SqliteConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    connection.lock().await.spawn_blocking(work).await
}

/// A fault that several are told of, most of whom have no part in it: they may try again.
fn lost(error: &impl std::error::Error) -> Error {
    Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(error.to_string()))
}
