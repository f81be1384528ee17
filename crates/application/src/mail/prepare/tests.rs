mod names;

use contacts_domain::{
    Timestamp,
    link::{LinkHistory, LinkToken},
    ports::{MockClock, MockLinkTokens},
};
use mockall::{Sequence, predicate::eq};

use super::*;
use crate::{
    Error,
    testing::{
        Ended, FakeStore, FakeUnitOfWork, a_link, a_mail, ada, another_address, broken, clock, locked_ada, now,
        transaction,
    },
};

const NO_LINKS: LinkHistory = LinkHistory { last_minute: 0, last_hour: 0 };

fn verify() -> MailSubject {
    MailSubject::VerifyEmail { address: ada().email }
}

fn reset() -> MailSubject {
    MailSubject::ResetPassword { address: ada().email }
}

fn confirm() -> MailSubject {
    MailSubject::ConfirmNewEmail { user: ada().id, new_address: another_address() }
}

/// What comes of an order, where its link has the token `secret`. `None`: it is pointless.
async fn prepare(store: &Arc<FakeStore>, subject: MailSubject) -> Result<Option<Mail>> {
    prepare_by(clock(), store, subject).await
}

async fn prepare_by(clock: Arc<dyn Clock>, store: &Arc<FakeStore>, subject: MailSubject) -> Result<Option<Mail>> {
    let mut tokens = MockLinkTokens::new();
    tokens.expect_issue().returning(|purpose, id| {
        assert_eq!(id, a_link(purpose).id);
        (LinkToken::new("secret".into()), a_link(purpose).hash)
    });
    let prepare = PrepareMail {
        store: store.clone(),
        link_tokens: Arc::new(tokens),
        clock,
        public_url: "https://contacts.example".into(),
    };
    Ok(match prepare.execute(&a_mail(subject).order).await? {
        Prepared::Ready(mail) => Some(mail),
        Prepared::Pointless => None,
    })
}

/// A store that is asked once who this is, and is written to like this.
fn store<const N: usize>(found: Option<User>, works: [FakeUnitOfWork; N]) -> Arc<FakeStore> {
    FakeStore::reading_and_writing(
        |reads| {
            let by_id = found.clone();
            reads.users.expect_find().times(..=1).with(eq(ada().id)).return_once(|_| Ok(by_id));
            let by_key = reads.users.expect_find_by_key().times(..=1).with(eq("ada@example.com"));
            by_key.return_once(|_| Ok(found));
        },
        works,
    )
}

/// The link of an order before it is sent.
fn unsent(purpose: LinkPurpose, address: EmailAddress) -> Link {
    Link { address, created_at: now(), expires_at: None, closed_at: None, ..a_link(purpose) }
}

/// Expects that the link works until then.
fn expect_expiry(work: &mut FakeUnitOfWork, purpose: LinkPurpose, expires_at: Timestamp) {
    let Link { id, hash, .. } = a_link(purpose);
    let set = work.links.expect_set_expiry().times(1).with(eq(id), eq(hash), eq(Some(expires_at)));
    set.returning(|_, _, _| Ok(()));
}

/// Expects that a link is made for the first time, unless there were too many: under the lock of its user.
fn makes(purpose: LinkPurpose, address: EmailAddress, history: LinkHistory) -> FakeUnitOfWork {
    transaction(|work| {
        let mut order = Sequence::new();
        let lock = work.users.expect_lock().times(1).in_sequence(&mut order).with(eq(ada().id));
        lock.returning(|_| Ok(Some(locked_ada())));
        let find = work.links.expect_find().times(1).in_sequence(&mut order).with(eq(a_link(purpose).id));
        find.returning(|_| Ok(None));
        let count = work.links.expect_history().times(1).in_sequence(&mut order);
        count.with(eq(ada().id), eq(purpose), eq(now())).returning(move |_, _, _| Ok(history));
        if history.permits_another() {
            let insert = work.links.expect_insert().times(1).in_sequence(&mut order);
            insert.with(eq(unsent(purpose, address))).returning(|_| Ok(()));
            expect_expiry(work, purpose, now() + purpose.lifetime());
        }
    })
}

/// A transaction that finds this link, made by an attempt before.
fn finds(link: &Link) -> FakeUnitOfWork {
    transaction(|work| {
        work.expect_lock(Some(locked_ada()));
        work.expect_find_link(link.id, Some(link.clone()));
    })
}

fn mail(to: EmailAddress, letter: Letter) -> Option<Mail> {
    let User { name, language, .. } = ada();
    Some(Mail { id: a_link(LinkPurpose::VerifyEmail).id, to, name, language, date: now(), letter })
}

fn mailed(page: &str, lifetime: Duration) -> MailedLink {
    MailedLink { url: format!("https://contacts.example/{page}?token=secret"), lifetime }
}

#[tokio::test]
async fn a_link_goes_out_with_its_time_beginning_now() {
    let (day, half_an_hour) = (Duration::from_hours(24), Duration::from_mins(30));
    for (subject, purpose, to, letter) in [
        (verify(), LinkPurpose::VerifyEmail, ada().email, Letter::VerifyEmail(mailed("verify-email", day))),
        (
            reset(),
            LinkPurpose::ResetPassword,
            ada().email,
            Letter::ResetPassword(mailed("reset-password", half_an_hour)),
        ),
        (
            confirm(),
            LinkPurpose::ConfirmNewEmail,
            another_address(),
            Letter::ConfirmNewEmail(mailed("verify-email", day)),
        ),
    ] {
        let store = store(Some(ada()), [makes(purpose, to.clone(), NO_LINKS)]);
        assert_eq!(prepare(&store, subject).await.unwrap(), mail(to, letter));
        assert_eq!(store.ended(), Ended::Committed);
    }
}

#[tokio::test]
async fn a_link_is_said_to_work_for_all_of_its_time_although_the_clock_goes_on() {
    let (mut ticking, mut time) = (MockClock::new(), now() - TimeDelta::milliseconds(1));
    ticking.expect_now().returning(move || {
        time += TimeDelta::milliseconds(1);
        time
    });
    let store = store(Some(ada()), [makes(LinkPurpose::VerifyEmail, ada().email, NO_LINKS)]);
    let mail = prepare_by(Arc::new(ticking), &store, verify()).await.unwrap().unwrap();
    assert_eq!(mail.letter, Letter::VerifyEmail(mailed("verify-email", Duration::from_hours(24))));
}

#[tokio::test]
async fn a_notice_goes_out_without_a_transaction() {
    let (user, address, new_address) = (ada().id, another_address(), ada().email);
    for (subject, to, letter) in [
        (MailSubject::PasswordChanged { user }, ada().email, Letter::PasswordChanged),
        (
            MailSubject::EmailChangeRequested { user, address: address.clone(), new_address: new_address.clone() },
            address.clone(),
            Letter::EmailChangeRequested { new_address: new_address.clone() },
        ),
        (
            MailSubject::EmailChanged { user, address: address.clone(), new_address: new_address.clone() },
            address.clone(),
            Letter::EmailChanged { new_address: new_address.clone() },
        ),
    ] {
        let verified = User { email_verified: true, ..ada() };
        assert_eq!(prepare(&store(Some(verified), []), subject.clone()).await.unwrap(), mail(to, letter));
        assert_eq!(prepare(&store(None, []), subject).await.unwrap(), None, "nobody has this account");
    }
}

#[tokio::test]
async fn an_address_that_was_never_verified_is_told_of_no_new_password() {
    let subject = MailSubject::PasswordChanged { user: ada().id };
    assert_eq!(prepare(&store(Some(ada()), []), subject).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_goes_out_when_nobody_has_the_account() {
    for subject in [verify(), reset(), confirm()] {
        assert_eq!(prepare(&store(None, []), subject).await.unwrap(), None);
    }
}

#[tokio::test]
async fn nothing_goes_out_when_the_account_is_deleted_meanwhile() {
    let store = store(Some(ada()), [transaction(|work| work.expect_lock(None))]);
    assert_eq!(prepare(&store, reset()).await.unwrap(), None);
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn no_address_is_verified_twice() {
    let verified = User { email_verified: true, ..ada() };
    assert_eq!(prepare(&store(Some(verified), []), verify()).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_goes_out_after_too_many_links() {
    for history in [LinkHistory { last_minute: 1, last_hour: 1 }, LinkHistory { last_minute: 0, last_hour: 5 }] {
        let store = store(Some(ada()), [makes(LinkPurpose::ResetPassword, ada().email, history)]);
        assert_eq!(prepare(&store, reset()).await.unwrap(), None);
        assert_eq!(store.ended(), Ended::RolledBack);
    }
}

#[tokio::test]
async fn a_link_that_may_have_arrived_keeps_its_time() {
    let link = a_link(LinkPurpose::ResetPassword);
    let mut work = finds(&link);
    expect_expiry(&mut work, link.purpose, link.expires_at.unwrap());
    let mail = prepare(&store(Some(ada()), [work]), reset()).await.unwrap().unwrap();
    assert_eq!(mail.letter, Letter::ResetPassword(mailed("reset-password", Duration::from_mins(29))));
}

#[tokio::test]
async fn a_link_that_was_not_sent_or_is_over_begins_anew_and_does_not_count_again() {
    let purpose = LinkPurpose::ResetPassword;
    for expires_at in [None, Some(now())] {
        let mut work = finds(&Link { expires_at, ..a_link(purpose) });
        expect_expiry(&mut work, purpose, now() + purpose.lifetime());
        let mail = prepare(&store(Some(ada()), [work]), reset()).await.unwrap().unwrap();
        assert_eq!(mail.letter, Letter::ResetPassword(mailed("reset-password", Duration::from_mins(30))));
    }
}

#[tokio::test]
async fn a_link_that_was_used_or_replaced_is_not_sent() {
    let closed = Link { closed_at: Some(now()), ..a_link(LinkPurpose::ResetPassword) };
    let store = store(Some(ada()), [finds(&closed)]);
    assert_eq!(prepare(&store, reset()).await.unwrap(), None);
    assert_eq!(store.ended(), Ended::RolledBack);
}

#[tokio::test]
async fn nothing_goes_out_with_a_link_that_could_not_be_kept() {
    let mut work = makes(LinkPurpose::ResetPassword, ada().email, NO_LINKS);
    work.commit_fails = true;
    assert!(matches!(prepare(&store(Some(ada()), [work]), reset()).await, Err(Error::Unavailable(_))));
    let unread = transaction(|work| {
        work.expect_lock(Some(locked_ada()));
        work.links.expect_find().times(1).returning(|_| Err(broken()));
    });
    let store = store(Some(ada()), [unread]);
    assert!(matches!(prepare(&store, reset()).await, Err(Error::Internal(_))));
    assert_eq!(store.ended(), Ended::RolledBack);
}
