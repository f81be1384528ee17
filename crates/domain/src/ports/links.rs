use async_trait::async_trait;

use super::RepositoryResult;
use crate::{
    Timestamp,
    ids::{MailId, UserId},
    link::{Link, LinkHash, LinkHistory, LinkPurpose, LinkToken},
};

/// Makes the tokens of mailed links, and reads them back. The same id always makes the same token, so
/// that none need be stored.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
pub trait LinkTokens: Send + Sync {
    /// A token that nobody else can make, and what is stored of it.
    fn issue(&self, purpose: LinkPurpose, id: MailId) -> (LinkToken, LinkHash);

    /// The id in a token, and what is stored of it. `None` for any text that was not issued for this
    /// purpose. MUST accept what was issued with an older key that is still known.
    fn read(&self, purpose: LinkPurpose, token: &str) -> Option<(MailId, LinkHash)>;
}

/// Mailed links, within a transaction.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait LinkRepository: Send {
    /// Also one that is closed or expired. `None` where it was never made, or was purged.
    async fn find(&mut self, id: MailId) -> RepositoryResult<Option<Link>>;

    /// Adds a link, and closes every other open one of the same user and purpose: the newest alone works.
    async fn insert(&mut self, link: &Link) -> RepositoryResult<()>;

    /// Says until when a link works; `None` where it was sent in vain. `hash` may be another one than
    /// before, where the keys were changed since.
    async fn set_expiry(&mut self, id: MailId, hash: LinkHash, expires_at: Option<Timestamp>) -> RepositoryResult<()>;

    /// Uses a link up: returns it where it was open, of this purpose and hash, and not expired. Of many
    /// that use it at once, one succeeds.
    async fn consume(
        &mut self,
        id: MailId,
        purpose: LinkPurpose,
        hash: LinkHash,
        now: Timestamp,
    ) -> RepositoryResult<Option<Link>>;

    /// Closes every open link of a user for this purpose.
    async fn close_all(&mut self, user: UserId, purpose: LinkPurpose, now: Timestamp) -> RepositoryResult<()>;

    /// How many links of this purpose were made for the user within the last minute and hour.
    async fn history(&mut self, user: UserId, purpose: LinkPurpose, now: Timestamp) -> RepositoryResult<LinkHistory>;

    /// Deletes links that were made before this time and can no longer be used; how many there were.
    async fn purge(&mut self, made_before: Timestamp, now: Timestamp) -> RepositoryResult<u64>;
}
