//! Writing users, within a transaction.

use async_trait::async_trait;
use contacts_domain::{
    Timestamp,
    ids::UserId,
    password::PasswordHash,
    ports::{RepositoryResult, UserRepository},
    user::User,
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{UserRow, row::ChangesRow};
use crate::{
    connection::with_conn,
    id::Id,
    schema::{address_books, users},
    unit_of_work::DieselUnitOfWork,
};

diesel::alias!(users as candidates: Candidates);

#[async_trait]
impl UserRepository for DieselUnitOfWork {
    async fn insert(&mut self, user: &User, password_hash: &PasswordHash) -> RepositoryResult<()> {
        let row = (
            users::id.eq(Id(user.id.uuid())),
            users::password_hash.eq(password_hash.expose()),
            users::version.eq(user.version),
            users::created_at.eq(user.created_at.naive_utc()),
            ChangesRow::from(user),
        );
        with_conn!(&mut self.connection, |c| diesel::insert_into(users::table).values(row).execute(c))?;
        Ok(())
    }

    async fn lock(&mut self, id: UserId) -> RepositoryResult<Option<User>> {
        // The update is the lock: both databases have it, and it takes the next version on the way.
        let lock = diesel::update(users::table.find(Id(id.uuid()))).set(users::version.eq(users::version + 1));
        let row: Option<UserRow> = with_conn!(&mut self.connection, |c| async {
            lock.returning(UserRow::as_returning()).get_result(c).await.optional()
        })?;
        row.map(User::try_from).transpose()
    }

    async fn update(&mut self, user: &User) -> RepositoryResult<()> {
        let update = diesel::update(users::table.find(Id(user.id.uuid()))).set(ChangesRow::from(user));
        with_conn!(&mut self.connection, |c| update.execute(c))?;
        Ok(())
    }

    async fn set_password_hash(&mut self, id: UserId, hash: &PasswordHash) -> RepositoryResult<()> {
        let update = diesel::update(users::table.find(Id(id.uuid()))).set(users::password_hash.eq(hash.expose()));
        with_conn!(&mut self.connection, |c| update.execute(c))?;
        Ok(())
    }

    async fn set_disabled(&mut self, id: UserId, disabled: bool) -> RepositoryResult<()> {
        let update = diesel::update(users::table.find(Id(id.uuid()))).set(users::disabled.eq(disabled));
        with_conn!(&mut self.connection, |c| update.execute(c))?;
        Ok(())
    }

    async fn replace_password_hash(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> RepositoryResult<bool> {
        let unchanged = users::table
            .find(Id(id.uuid()))
            .filter(users::password_hash.eq(old.expose()))
            .filter(users::disabled.eq(false));
        let update = diesel::update(unchanged).set(users::password_hash.eq(new.expose()));
        let rows = with_conn!(&mut self.connection, |c| update.execute(c))?;
        Ok(rows > 0)
    }

    async fn record_login(&mut self, id: UserId, at: Timestamp) -> RepositoryResult<()> {
        let update = diesel::update(users::table.find(Id(id.uuid()))).set(users::last_login_at.eq(at.naive_utc()));
        with_conn!(&mut self.connection, |c| update.execute(c))?;
        Ok(())
    }

    async fn delete(&mut self, id: UserId) -> RepositoryResult<bool> {
        // The book first, and apart: a writer of contacts locks the book and then, by the reference to it,
        // the user. One statement would lock the user and then, by the cascade, the book: a deadlock.
        let book = diesel::delete(address_books::table.filter(address_books::owner_id.eq(Id(id.uuid()))));
        with_conn!(&mut self.connection, |c| book.execute(c))?;
        let user = diesel::delete(users::table.find(Id(id.uuid())));
        let rows = with_conn!(&mut self.connection, |c| user.execute(c))?;
        Ok(rows > 0)
    }

    async fn delete_unused(&mut self, registered_before: Timestamp, limit: u32) -> RepositoryResult<Vec<UserId>> {
        let (id, created_at) = (candidates.field(users::id), candidates.field(users::created_at));
        let chosen = candidates
            .filter(candidates.field(users::last_login_at).is_null())
            .filter(candidates.field(users::email_verified).eq(false))
            .filter(created_at.lt(registered_before.naive_utc()))
            .order_by((created_at, id))
            .limit(limit.into())
            .select(id);
        // Said again of the row itself: PostgreSQL may have waited for a login or a verification since it
        // chose, and asks the row alone once more.
        let unused = users::table
            .filter(users::id.eq_any(chosen))
            .filter(users::last_login_at.is_null())
            .filter(users::email_verified.eq(false));
        let delete = diesel::delete(unused).returning(users::id);
        let ids: Vec<Id> = with_conn!(&mut self.connection, |c| delete.get_results(c))?;
        Ok(ids.into_iter().map(|id| UserId::new(id.0)).collect())
    }
}
