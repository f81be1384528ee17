//! Reading users: each method is one statement.

use async_trait::async_trait;
use contacts_domain::{
    caller::ClientAddress,
    ids::UserId,
    password::PasswordHash,
    ports::{RepositoryResult, UserReader},
    user::{Credentials, User},
};
use diesel::{dsl::exists, prelude::*};

use super::UserRow;
use crate::{
    database::Database,
    id::Id,
    reader::{Cost, read},
    schema::{sessions, users},
};

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
        let row: Option<(UserRow, String, bool)> =
            read!(&reader, optional query.select((UserRow::as_select(), users::password_hash, exists(began_here))))?;
        row.map(|(user, hash, knows_address)| {
            Ok(Credentials { user: user.try_into()?, password_hash: PasswordHash::new(hash), knows_address })
        })
        .transpose()
    }
}
