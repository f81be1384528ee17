//! Looking at accounts.

use std::sync::Arc;

use contacts_domain::{email_address::account_key, ids::UserId, ports::UnitOfWorkFactory, user::Account};

use crate::{Error, Result};

/// Shows accounts, page by page: there may be any number of them.
pub struct ListAccounts {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ListAccounts {
    /// At most `limit` accounts behind the one that is given, in the order of their addresses, whose address holds this
    /// text in any case of its letters.
    pub async fn execute(&self, after: Option<&Account>, holding: &str, limit: u32) -> Result<Vec<Account>> {
        let after = after.map(|account| account.user.email.account_key()).unwrap_or_default();
        Ok(self.store.read().users().accounts(&after, &account_key(holding), limit).await?)
    }
}

/// Shows one account.
pub struct ShowAccount {
    pub(super) store: Arc<dyn UnitOfWorkFactory>,
}

impl ShowAccount {
    /// That of this address, in any case of its letters, or with this id.
    pub async fn execute(&self, whose: &str) -> Result<Account> {
        let users = self.store.read().users();
        let id = match UserId::parse(whose) {
            Some(id) => id,
            None => users.find_by_key(&account_key(whose)).await?.ok_or(Error::NotFound)?.id,
        };
        users.account(id).await?.ok_or(Error::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{FakeReads, FakeStore, ada, unavailable};

    fn account() -> Account {
        Account { user: ada(), disabled: false, last_login_at: None }
    }

    fn expect_account(reads: &mut FakeReads, found: Option<Account>) {
        reads.users.expect_account().times(1).with(eq(ada().id)).return_once(|_| Ok(found));
    }

    #[tokio::test]
    async fn a_page_comes_after_the_one_before() {
        for (after, key) in [(None, ""), (Some(account()), "ada@example.com")] {
            let store = FakeStore::reading(|reads| {
                let accounts = reads.users.expect_accounts().times(1).with(eq(key), eq("a_b@c"), eq(2));
                accounts.returning(|_, _, _| Ok(vec![account()]));
            });
            let page = ListAccounts { store }.execute(after.as_ref(), "A_B@C", 2).await.unwrap();
            assert_eq!(page, [account()]);
        }
    }

    #[tokio::test]
    async fn an_account_is_found_by_its_address_in_any_case_and_by_its_id() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find_by_key().times(1).with(eq("ada@example.com")).return_once(|_| Ok(Some(ada())));
            expect_account(reads, Some(account()));
        });
        assert_eq!(ShowAccount { store }.execute("Ada@Example.COM").await.unwrap(), account());
        let store = FakeStore::reading(|reads| expect_account(reads, Some(account())));
        assert_eq!(ShowAccount { store }.execute(&ada().id.to_string()).await.unwrap(), account());
    }

    #[tokio::test]
    async fn an_account_that_nobody_has_is_not_found() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_find_by_key().times(1).return_once(|_| Ok(None));
        });
        assert!(matches!(ShowAccount { store }.execute("ada@example.com").await, Err(Error::NotFound)));
        let store = FakeStore::reading(|reads| expect_account(reads, None));
        let id = ada().id.to_string();
        assert!(matches!(ShowAccount { store }.execute(&id).await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn nothing_is_shown_while_the_database_is_away() {
        let store = FakeStore::reading(|reads| {
            reads.users.expect_accounts().times(1).returning(|_, _, _| Err(unavailable()));
        });
        assert!(matches!(ListAccounts { store }.execute(None, "", 2).await, Err(Error::Unavailable(_))));
    }
}
