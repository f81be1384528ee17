//! Using up a mailed link, for all that a link may be for.

use contacts_domain::{
    Timestamp,
    ids::MailId,
    link::{Link, LinkHash, LinkPurpose},
    ports::UnitOfWork,
    user::User,
};

use crate::{Error, Result};

/// Uses the link up and returns it with its user, who is locked. The user is locked first, as everywhere:
/// one order of locks knows no deadlock.
pub(super) async fn redeem(
    work: &mut dyn UnitOfWork,
    id: MailId,
    purpose: LinkPurpose,
    hash: LinkHash,
    now: Timestamp,
) -> Result<(Link, User)> {
    let found = work.links().find(id).await?.ok_or(Error::InvalidLink)?;
    let user = work.users().lock(found.user).await?.ok_or(Error::InvalidLink)?;
    let link = work.links().consume(id, purpose, hash, now).await?.ok_or(Error::InvalidLink)?;
    let proves_present_address = match purpose {
        LinkPurpose::VerifyEmail | LinkPurpose::ResetPassword => true,
        LinkPurpose::ConfirmNewEmail => false,
    };
    // Whoever read mail at a former address has no say any more.
    if proves_present_address && link.address.account_key() != user.email.account_key() {
        return Err(Error::InvalidLink);
    }
    Ok((link, user))
}
