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

#[cfg(test)]
mod tests {
    use contacts_domain::email_address::EmailAddress;
    use mockall::{Sequence, predicate::eq};

    use super::*;
    use crate::testing::{FakeUnitOfWork, a_link, ada, another_address, locked_ada, now, transaction};

    /// A transaction that finds this link, uses it up, and has this user.
    fn work(link: Link, user: User) -> FakeUnitOfWork {
        transaction(|work| {
            let mut order = Sequence::new();
            let found = link.clone();
            let find = work.links.expect_find().times(1).in_sequence(&mut order).with(eq(link.id));
            find.return_once(|_| Ok(Some(found)));
            let lock = work.users.expect_lock().times(1).in_sequence(&mut order).with(eq(ada().id));
            lock.return_once(|_| Ok(Some(user)));
            let consume = work.links.expect_consume().times(1).in_sequence(&mut order);
            let consume = consume.with(eq(link.id), eq(link.purpose), eq(link.hash), eq(now()));
            consume.return_once(|_, _, _, _| Ok(Some(link)));
        })
    }

    async fn redeem_now(work: &mut FakeUnitOfWork, purpose: LinkPurpose) -> Result<(Link, User)> {
        let Link { id, hash, .. } = a_link(purpose);
        redeem(work, id, purpose, hash, now()).await
    }

    #[tokio::test]
    async fn the_user_is_locked_before_the_link_is_used_up() {
        for purpose in LinkPurpose::ALL {
            let redeemed = redeem_now(&mut work(a_link(purpose), locked_ada()), purpose).await.unwrap();
            assert_eq!(redeemed, (a_link(purpose), locked_ada()));
        }
    }

    #[tokio::test]
    async fn a_link_that_was_sent_to_a_former_address_is_not_valid() {
        for purpose in [LinkPurpose::VerifyEmail, LinkPurpose::ResetPassword] {
            let moved = User { email: another_address(), ..locked_ada() };
            let result = redeem_now(&mut work(a_link(purpose), moved), purpose).await;
            assert!(matches!(result, Err(Error::InvalidLink)), "{purpose:?}");
        }
    }

    #[tokio::test]
    async fn a_link_to_the_new_address_is_valid_although_it_is_not_the_present_one() {
        let purpose = LinkPurpose::ConfirmNewEmail;
        let link = Link { address: another_address(), ..a_link(purpose) };
        assert!(redeem_now(&mut work(link, locked_ada()), purpose).await.is_ok());
    }

    #[tokio::test]
    async fn the_case_of_an_address_makes_no_difference() {
        let purpose = LinkPurpose::VerifyEmail;
        let shouting = User { email: EmailAddress::parse("ADA@EXAMPLE.COM").unwrap(), ..locked_ada() };
        assert!(redeem_now(&mut work(a_link(purpose), shouting), purpose).await.is_ok());
    }

    #[tokio::test]
    async fn a_link_that_is_unknown_used_up_or_of_nobody_is_not_valid() {
        let purpose = LinkPurpose::VerifyEmail;
        let link = a_link(purpose);
        let unknown = transaction(|work| work.expect_find_link(link.id, None));
        let of_nobody = transaction(|work| {
            work.expect_find_link(link.id, Some(link.clone()));
            work.expect_lock(None);
        });
        let used_up = transaction(|work| {
            work.expect_find_link(link.id, Some(link.clone()));
            work.expect_lock(Some(locked_ada()));
            work.links.expect_consume().times(1).returning(|_, _, _, _| Ok(None));
        });
        for mut work in [unknown, of_nobody, used_up] {
            assert!(matches!(redeem_now(&mut work, purpose).await, Err(Error::InvalidLink)));
        }
    }
}
