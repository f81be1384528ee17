//! Users.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    birthday_window::LeapDayRule,
    email_address::EmailAddress,
    ids::UserId,
    language::Language,
    password::PasswordHash,
    person_name::PersonName,
    phone::PhoneRegion,
    ports::{RepositoryError, RepositoryResult, UserReader, UserRepository},
    time_zone::TimeZone,
    user::{Credentials, User},
    validation::Violation,
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{connection::with_conn, database::Database, id::Id, schema::users, unit_of_work::DieselUnitOfWork};

/// A user as read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct UserRow {
    id: Id,
    email: String,
    email_verified: bool,
    name: Option<String>,
    language: String,
    time_zone: String,
    leap_day_rule: String,
    phone_region: Option<String>,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

/// What a user changes of themself.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
struct ProfileRow<'a> {
    name: Option<&'a str>,
    language: &'a str,
    time_zone: &'a str,
    leap_day_rule: &'a str,
    phone_region: Option<String>,
    updated_at: NaiveDateTime,
}

impl<'a> From<&'a User> for ProfileRow<'a> {
    fn from(user: &'a User) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let User {
            id: _,
            email: _,
            email_verified: _,
            name,
            language,
            time_zone,
            leap_day_rule,
            phone_region,
            version: _,
            created_at: _,
            updated_at,
        } = user;
        Self {
            name: name.as_ref().map(PersonName::as_str),
            language: language.tag(),
            time_zone: time_zone.name(),
            leap_day_rule: leap_day_rule.as_str(),
            phone_region: phone_region.map(|region| region.to_string()),
            updated_at: updated_at.naive_utc(),
        }
    }
}

impl TryFrom<UserRow> for User {
    type Error = RepositoryError;

    fn try_from(row: UserRow) -> RepositoryResult<Self> {
        let UserRow {
            id,
            email,
            email_verified,
            name,
            language,
            time_zone,
            leap_day_rule,
            phone_region,
            version,
            created_at,
            updated_at,
        } = row;
        let unknown = |violation: Violation| RepositoryError::Inconsistent(format!("user {}: {violation}", id.0));
        Ok(Self {
            id: UserId::new(id.0),
            email: EmailAddress::from_stored(email),
            email_verified,
            name: name.map(PersonName::from_stored),
            language: Language::parse(&language).map_err(unknown)?,
            time_zone: TimeZone::parse(&time_zone).map_err(unknown)?,
            leap_day_rule: LeapDayRule::parse(&leap_day_rule).map_err(unknown)?,
            phone_region: phone_region.map(|code| PhoneRegion::parse(&code)).transpose().map_err(unknown)?,
            version,
            created_at: created_at.and_utc(),
            updated_at: updated_at.and_utc(),
        })
    }
}

#[async_trait]
impl UserReader for Database {
    async fn find(&self, id: UserId) -> RepositoryResult<Option<User>> {
        let query = users::table.find(Id(id.uuid()));
        let mut connection = self.reader().await?;
        let row: Option<UserRow> =
            with_conn!(&mut connection, |c| async { query.select(UserRow::as_select()).first(c).await.optional() })?;
        row.map(User::try_from).transpose()
    }

    async fn find_credentials(&self, account_key: &str) -> RepositoryResult<Option<Credentials>> {
        let query = users::table.filter(users::email_key.eq(account_key));
        let mut connection = self.reader().await?;
        let row: Option<(UserRow, String)> = with_conn!(&mut connection, |c| async {
            query.select((UserRow::as_select(), users::password_hash)).first(c).await.optional()
        })?;
        row.map(|(user, hash)| Ok(Credentials { user: user.try_into()?, password_hash: PasswordHash::new(hash) }))
            .transpose()
    }
}

#[async_trait]
impl UserRepository for DieselUnitOfWork {
    async fn insert(&mut self, user: &User, password_hash: &PasswordHash) -> RepositoryResult<()> {
        let row = (
            users::id.eq(Id(user.id.uuid())),
            users::email.eq(user.email.as_str()),
            users::email_key.eq(user.email.account_key()),
            users::email_verified.eq(user.email_verified),
            users::password_hash.eq(password_hash.expose()),
            users::version.eq(user.version),
            users::created_at.eq(user.created_at.naive_utc()),
            ProfileRow::from(user),
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
        let update = diesel::update(users::table.find(Id(user.id.uuid()))).set(ProfileRow::from(user));
        with_conn!(&mut self.connection, |c| update.execute(c))?;
        Ok(())
    }
}
