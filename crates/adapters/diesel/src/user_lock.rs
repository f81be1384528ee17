//! The lock of a user's row, for what must be true of all rows that a user has.

use contacts_domain::{ids::UserId, ports::RepositoryResult};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{connection::with_conn, id::Id, schema::users, unit_of_work::DieselUnitOfWork};

impl DieselUnitOfWork {
    /// Makes transactions that write rows of the same user follow one another from here on. Each statement
    /// on PostgreSQL sees what was committed before it began, so what comes after this sees all that the
    /// one before has written; without it, two that replace "the only one" would each leave theirs.
    ///
    /// The update changes nothing, not even the version, and is the lock: both databases have it. Nothing
    /// happens where there is no such user.
    pub(crate) async fn lock_rows_of(&mut self, user: UserId) -> RepositoryResult<()> {
        let lock = diesel::update(users::table.find(Id(user.uuid()))).set(users::version.eq(users::version));
        with_conn!(&mut self.connection, |c| lock.execute(c))?;
        Ok(())
    }
}
