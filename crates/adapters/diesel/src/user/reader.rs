//! Reading users: each method is one statement.

use async_trait::async_trait;
use chrono::NaiveDateTime;
use contacts_domain::{
    caller::ClientAddress,
    ids::UserId,
    password::PasswordHash,
    ports::{RepositoryResult, UserReader},
    user::{Account, Credentials, User},
};
use diesel::{dsl::exists, prelude::*};

use super::UserRow;
use crate::{
    database::Database,
    id::Id,
    reader::{Cost, read},
    schema::{sessions, users},
};

/// What takes the meaning from a character in a pattern.
const ESCAPE: char = '~';

/// A pattern of all texts that hold this one.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern + "%"
}

type AccountRow = (UserRow, bool, Option<NaiveDateTime>);

fn account((user, disabled, last_login_at): AccountRow) -> RepositoryResult<Account> {
    Ok(Account { user: user.try_into()?, disabled, last_login_at: last_login_at.map(|at| at.and_utc()) })
}

#[async_trait]
impl UserReader for Database {
    async fn find(&self, id: UserId) -> RepositoryResult<Option<User>> {
        let query = users::table.find(Id(id.uuid()));
        let reader = self.reader(Cost::Little).await?;
        let row: Option<UserRow> = read!(&reader, optional query.select(UserRow::as_select()))?;
        row.map(User::try_from).transpose()
    }

    async fn find_by_key(&self, account_key: &str) -> RepositoryResult<Option<User>> {
        let query = users::table.filter(users::email_key.eq(account_key.to_owned()));
        let reader = self.reader(Cost::Little).await?;
        let row: Option<UserRow> = read!(&reader, optional query.select(UserRow::as_select()))?;
        row.map(User::try_from).transpose()
    }

    async fn find_password_hash(&self, id: UserId) -> RepositoryResult<Option<PasswordHash>> {
        let query = users::table.find(Id(id.uuid())).select(users::password_hash);
        let reader = self.reader(Cost::Little).await?;
        let hash: Option<String> = read!(&reader, optional query)?;
        Ok(hash.map(PasswordHash::new))
    }

    async fn find_credentials(
        &self,
        account_key: &str,
        address: ClientAddress,
    ) -> RepositoryResult<Option<Credentials>> {
        let query = users::table.filter(users::email_key.eq(account_key.to_owned()));
        // Whether a session goes on does not matter: who has ended one knows the address, too.
        let began_here =
            sessions::table.filter(sessions::user_id.eq(users::id)).filter(sessions::address.eq(address.to_string()));
        let reader = self.reader(Cost::Little).await?;
        let row: Option<(UserRow, String, bool, bool)> = read!(
            &reader,
            optional query.select((UserRow::as_select(), users::password_hash, exists(began_here), users::disabled))
        )?;
        row.map(|(user, hash, knows_address, disabled)| {
            Ok(Credentials { user: user.try_into()?, password_hash: PasswordHash::new(hash), knows_address, disabled })
        })
        .transpose()
    }

    async fn account(&self, id: UserId) -> RepositoryResult<Option<Account>> {
        let query = users::table.find(Id(id.uuid()));
        let reader = self.reader(Cost::Little).await?;
        let row: Option<AccountRow> =
            read!(&reader, optional query.select((UserRow::as_select(), users::disabled, users::last_login_at)))?;
        row.map(account).transpose()
    }

    async fn accounts(&self, after: &str, holding: &str, limit: u32) -> RepositoryResult<Vec<Account>> {
        let query = users::table
            .filter(users::email_key.gt(after.to_owned()))
            .filter(users::email_key.like(pattern(holding)).escape(ESCAPE))
            .order_by(users::email_key)
            .limit(limit.into());
        let reader = self.reader(Cost::Any).await?;
        let rows: Vec<AccountRow> =
            read!(&reader, load query.select((UserRow::as_select(), users::disabled, users::last_login_at)))?;
        rows.into_iter().map(account).collect()
    }
}
