use contacts_domain::{
    link::{Link, LinkPurpose, LinkToken},
    mail::{Letter, MailSubject},
    ports::{MockIdGenerator, MockLinkTokens, MockMailer},
    user::User,
};
use mockall::predicate::eq;
use uuid::Uuid;

use super::*;
use crate::{
    Dependencies, Error,
    mail::Mails,
    testing::{
        Ended, FakeStore, FakeUnitOfWork, a_lease, a_link, a_mail, ada, broken, dependencies, locked_ada, now,
        transaction, unavailable,
    },
};

fn notice() -> ClaimedMail {
    a_mail(MailSubject::PasswordChanged { user: ada().id })
}

fn link_mail() -> ClaimedMail {
    a_mail(MailSubject::ResetPassword { address: ada().email })
}

/// A store with a mail that is due, where this is found of Ada, verified, and that is written to like this.
fn store<const N: usize>(found: Option<User>, works: [FakeUnitOfWork; N]) -> Arc<FakeStore> {
    let found = found.map(|user| User { email_verified: true, ..user });
    FakeStore::reading_and_writing(
        |reads| {
            reads.outbox.expect_has_due().times(1).with(eq(now())).returning(|_| Ok(true));
            let by_id = found.clone();
            reads.users.expect_find().times(..=1).return_once(|_| Ok(by_id));
            reads.users.expect_find_by_key().times(..=1).return_once(|_| Ok(found));
        },
        works,
    )
}

fn claims(mail: Option<ClaimedMail>) -> FakeUnitOfWork {
    transaction(|work| {
        let claim = work.outbox.expect_claim().times(1);
        let claim = claim.with(eq(a_lease()), eq(now()), eq(Duration::from_secs(45)), eq(1));
        claim.return_once(|_, _, _, _| Ok(mail.into_iter().collect()));
    })
}

fn settles(held: bool) -> FakeUnitOfWork {
    transaction(|work| {
        let settle = work.outbox.expect_settle().times(1).with(eq(notice().order.id), eq(a_lease()));
        settle.returning(move |_, _| Ok(held));
    })
}

/// Expects that a mail without a link is given up for this reason.
fn buries(reason: &'static str) -> FakeUnitOfWork {
    transaction(|work| {
        expect_bury(work, reason, true);
        work.expect_find_link(notice().order.id, None);
    })
}

fn expect_bury(work: &mut FakeUnitOfWork, reason: &'static str, held: bool) {
    let bury = work.outbox.expect_bury().times(1);
    bury.withf(move |id, lease, at, because| {
        (*id, *lease, *at, because) == (notice().order.id, a_lease(), now(), reason)
    })
    .returning(move |_, _, _, _| Ok(held));
}

/// Expects that the mail is tried again after this time, and says whether it was still held.
fn expect_postpone(work: &mut FakeUnitOfWork, delay: Duration, held: bool) {
    let postpone = work.outbox.expect_postpone().times(1);
    postpone
        .withf(move |id, lease, due_at, reason| {
            (*id, *lease, *due_at) == (notice().order.id, a_lease(), now() + delay)
                && reason == "the mail cannot be sent now: 421 try again later"
        })
        .returning(move |_, _, _, _| Ok(held));
}

/// Sends nothing.
fn silent() -> MockMailer {
    MockMailer::new()
}

/// Is asked to send a mail once, and fails like this.
fn failing(error: fn() -> MailerError) -> MockMailer {
    let mut mailer = MockMailer::new();
    mailer.expect_send().times(1).returning(move |_| Err(error()));
    mailer
}

fn temporary() -> MailerError {
    MailerError::Temporary("421 try again\nlater".into())
}

fn refused() -> MailerError {
    MailerError::Refused("550 no such mailbox".into())
}

/// Delivers, with ids that all end in this byte.
async fn deliver_by(chance: u8, store: &Arc<FakeStore>, mailer: MockMailer) -> Result<Delivery> {
    let mut ids = MockIdGenerator::new();
    ids.expect_next().returning(move || Uuid::from_u128(chance.into()));
    let mut tokens = MockLinkTokens::new();
    tokens.expect_issue().returning(|purpose, _| (LinkToken::new("secret".into()), a_link(purpose).hash));
    let dependencies = Dependencies {
        mailer: Arc::new(mailer),
        link_tokens: Arc::new(tokens),
        ids: Arc::new(ids),
        ..dependencies(store)
    };
    Mails::new(&dependencies).deliver.execute(a_lease()).await
}

async fn deliver(store: &Arc<FakeStore>, mailer: MockMailer) -> Result<Delivery> {
    deliver_by(0, store, mailer).await
}

#[tokio::test]
async fn no_transaction_begins_while_nothing_is_due() {
    let store = FakeStore::reading(|reads| {
        reads.outbox.expect_has_due().times(1).with(eq(now())).returning(|_| Ok(false));
    });
    assert_eq!(deliver(&store, silent()).await.unwrap(), Delivery::Idle);
    assert_eq!(store.ended(), Ended::NeverBegun);
}

#[tokio::test]
async fn nothing_is_sent_when_another_worker_was_faster() {
    assert_eq!(deliver(&store(None, [claims(None)]), silent()).await.unwrap(), Delivery::Idle);
}

#[tokio::test]
async fn a_mail_is_sent_outside_of_any_transaction_and_then_forgotten() {
    let store = store(Some(ada()), [claims(Some(notice())), settles(true)]);
    let (mut mailer, seen) = (MockMailer::new(), store.watch());
    mailer.expect_send().times(1).returning(move |mail| {
        assert_eq!((mail.id, &mail.to, &mail.letter), (notice().order.id, &ada().email, &Letter::PasswordChanged));
        assert_eq!(seen(), [Ended::Committed, Ended::NeverBegun]);
        Ok(())
    });
    assert_eq!(deliver(&store, mailer).await.unwrap(), Delivery::Sent);
    assert_eq!(store.endings(), [Ended::Committed, Ended::Committed]);
}

#[tokio::test]
async fn a_mail_to_nobody_is_forgotten_unsent() {
    for mail in [notice(), link_mail()] {
        let store = store(None, [claims(Some(mail)), settles(true)]);
        assert_eq!(deliver(&store, silent()).await.unwrap(), Delivery::Dropped);
        assert_eq!(store.endings(), [Ended::Committed, Ended::Committed]);
    }
}

#[tokio::test]
async fn a_mail_whose_link_was_used_or_replaced_is_forgotten_unsent() {
    let link = a_link(LinkPurpose::ResetPassword);
    let closed = transaction(|work| {
        work.expect_lock(Some(locked_ada()));
        work.expect_find_link(link.id, Some(Link { closed_at: Some(now()), ..link }));
    });
    let store = store(Some(ada()), [claims(Some(link_mail())), closed, settles(true)]);
    assert_eq!(deliver(&store, silent()).await.unwrap(), Delivery::Dropped);
    assert_eq!(store.endings(), [Ended::Committed, Ended::RolledBack, Ended::Committed]);
}

#[tokio::test]
async fn a_failure_is_followed_by_a_pause_that_doubles_up_to_an_hour() {
    for (attempts, seconds) in [(0, 2), (1, 4), (2, 8), (10, 2048), (11, 3600), (16, 3600)] {
        let postpones = transaction(|work| {
            expect_postpone(work, Duration::from_secs(seconds), true);
            work.expect_find_link(notice().order.id, None);
        });
        let tried = ClaimedMail { attempts, ..notice() };
        let store = store(Some(ada()), [claims(Some(tried)), postpones]);
        assert_eq!(deliver(&store, failing(temporary)).await.unwrap(), Delivery::Postponed, "{attempts}");
        assert_eq!(store.endings(), [Ended::Committed, Ended::Committed]);
    }
}

#[tokio::test]
async fn a_pause_is_up_to_a_quarter_longer_by_chance() {
    let postpones = transaction(|work| {
        expect_postpone(work, Duration::from_millis(10_000), true);
        work.expect_find_link(notice().order.id, None);
    });
    let tried = ClaimedMail { attempts: 2, ..notice() };
    let store = store(Some(ada()), [claims(Some(tried)), postpones]);
    assert_eq!(deliver_by(255, &store, failing(temporary)).await.unwrap(), Delivery::Postponed);
}

#[tokio::test]
async fn a_mail_that_is_refused_is_buried_at_once() {
    let store = store(Some(ada()), [claims(Some(notice())), buries("the mail was refused: 550 no such mailbox")]);
    assert_eq!(deliver(&store, failing(refused)).await.unwrap(), Delivery::Buried);
    assert_eq!(store.endings(), [Ended::Committed, Ended::Committed]);
}

#[tokio::test]
async fn a_mail_is_buried_after_its_eighteenth_failure() {
    let reason = "the mail cannot be sent now: 421 try again later";
    let tried = ClaimedMail { attempts: 17, ..notice() };
    let store = store(Some(ada()), [claims(Some(tried)), buries(reason)]);
    assert_eq!(deliver(&store, failing(temporary)).await.unwrap(), Delivery::Buried);
}

#[tokio::test]
async fn a_mail_that_ended_its_workers_is_buried_unsent() {
    let tried = ClaimedMail { attempts: 18, ..notice() };
    let store = store(Some(ada()), [claims(Some(tried)), buries("it was tried too often")]);
    assert_eq!(deliver(&store, silent()).await.unwrap(), Delivery::Buried);
}

#[tokio::test]
async fn who_lost_the_lease_changes_nothing_of_the_mail_or_its_link() {
    let lost = transaction(|work| expect_postpone(work, Duration::from_secs(2), false));
    let postponed = store(Some(ada()), [claims(Some(notice())), lost]);
    assert_eq!(deliver(&postponed, failing(temporary)).await.unwrap(), Delivery::Postponed);
    let lost = transaction(|work| expect_bury(work, "the mail was refused: 550 no such mailbox", false));
    let buried = store(Some(ada()), [claims(Some(notice())), lost]);
    assert_eq!(deliver(&buried, failing(refused)).await.unwrap(), Delivery::Buried);
    let mut mailer = MockMailer::new();
    mailer.expect_send().times(1).returning(|_| Ok(()));
    let sent = store(Some(ada()), [claims(Some(notice())), settles(false)]);
    assert_eq!(deliver(&sent, mailer).await.unwrap(), Delivery::Sent);
}

/// Expects that the link works from now on.
fn sends_link() -> FakeUnitOfWork {
    let link = a_link(LinkPurpose::ResetPassword);
    transaction(|work| {
        work.expect_lock(Some(locked_ada()));
        work.expect_find_link(link.id, Some(Link { expires_at: None, ..link.clone() }));
        let until = now() + link.purpose.lifetime();
        let set = work.links.expect_set_expiry().times(1).with(eq(link.id), eq(link.hash), eq(Some(until)));
        set.returning(|_, _, _| Ok(()));
    })
}

/// Expects that the link works no more.
fn expect_withdrawal(work: &mut FakeUnitOfWork) {
    let link = a_link(LinkPurpose::ResetPassword);
    work.expect_find_link(link.id, Some(link.clone()));
    let set = work.links.expect_set_expiry().times(1).with(eq(link.id), eq(link.hash), eq(None));
    set.returning(|_, _, _| Ok(()));
}

#[tokio::test]
async fn a_link_that_may_have_arrived_goes_on_working() {
    let unanswered = || MailerError::Unanswered("no answer".into());
    let postpones = transaction(|work| {
        let postpone = work.outbox.expect_postpone().times(1);
        postpone
            .withf(|_, _, _, reason| reason == "nobody says whether the mail was taken: no answer")
            .returning(|_, _, _, _| Ok(true));
    });
    let again = store(Some(ada()), [claims(Some(link_mail())), sends_link(), postpones]);
    assert_eq!(deliver(&again, failing(unanswered)).await.unwrap(), Delivery::Postponed);

    let last = ClaimedMail { attempts: MAX_ATTEMPTS - 1, ..link_mail() };
    let buries = transaction(|work| expect_bury(work, "nobody says whether the mail was taken: no answer", true));
    let never = store(Some(ada()), [claims(Some(last)), sends_link(), buries]);
    assert_eq!(deliver(&never, failing(unanswered)).await.unwrap(), Delivery::Buried);
}

#[tokio::test]
async fn a_link_begins_when_it_is_sent_and_is_withdrawn_when_that_failed() {
    let postpones = transaction(|work| {
        expect_postpone(work, Duration::from_secs(2), true);
        expect_withdrawal(work);
    });
    let again = store(Some(ada()), [claims(Some(link_mail())), sends_link(), postpones]);
    assert_eq!(deliver(&again, failing(temporary)).await.unwrap(), Delivery::Postponed);
    assert_eq!(again.endings(), [Ended::Committed, Ended::Committed, Ended::Committed]);

    let buries = transaction(|work| {
        expect_bury(work, "the mail was refused: 550 no such mailbox", true);
        expect_withdrawal(work);
    });
    let never = store(Some(ada()), [claims(Some(link_mail())), sends_link(), buries]);
    assert_eq!(deliver(&never, failing(refused)).await.unwrap(), Delivery::Buried);
    assert_eq!(never.endings(), [Ended::Committed, Ended::Committed, Ended::Committed]);
}

#[tokio::test]
async fn a_mail_stays_held_where_it_cannot_be_told_whom_it_concerns() {
    let store = FakeStore::reading_and_writing(
        |reads| {
            reads.outbox.expect_has_due().times(1).returning(|_| Ok(true));
            reads.users.expect_find().times(1).returning(|_| Err(unavailable()));
        },
        [claims(Some(notice()))],
    );
    assert!(matches!(deliver(&store, silent()).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn a_mail_that_was_sent_and_cannot_be_forgotten_stays_held() {
    let mut mailer = MockMailer::new();
    mailer.expect_send().times(1).returning(|_| Ok(()));
    let unsettled = transaction(|work| {
        work.outbox.expect_settle().times(1).returning(|_, _| Err(broken()));
    });
    let store = store(Some(ada()), [claims(Some(notice())), unsettled]);
    assert!(matches!(deliver(&store, mailer).await, Err(Error::Internal(_))));
    assert_eq!(store.endings(), [Ended::Committed, Ended::RolledBack]);
}

#[tokio::test]
async fn a_worker_that_stops_gives_back_what_it_holds() {
    let store = FakeStore::writing(|work| {
        work.outbox.expect_release().times(1).with(eq(a_lease())).returning(|_| Ok(()));
    });
    assert!(Mails::new(&dependencies(&store)).deliver.release(a_lease()).await.is_ok());
    assert_eq!(store.ended(), Ended::Committed);
}
