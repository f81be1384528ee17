//! Ada, and what is hers.

use chrono::TimeDelta;
use contacts_domain::{
    address_book::{AddressBook, Advanced, ChangeStamp},
    avatar::{Avatar, AvatarLocation},
    birthday_window::LeapDayRule,
    caller::{Caller, ClientAddress, UserAgent},
    contact::Contact,
    contact_draft::{Circumstances, ContactDraft},
    email_address::EmailAddress,
    ids::{AddressBookId, AvatarId, ContactId, LeaseId, MailId, SessionId, UserId},
    language::Language,
    link::{Link, LinkHash, LinkPurpose},
    mail::{ClaimedMail, MailOrder, MailSubject},
    password::PasswordHash,
    precondition::{EntityTag, EntityTags, Preconditions},
    required_fields::RequiredFields,
    session::{CurrentUser, Session, SessionLifetimes},
    time_zone::TimeZone,
    user::User,
};
use uuid::Uuid;

use super::now;

/// A user who registered yesterday, in UTC.
pub(crate) fn ada() -> User {
    let yesterday = now() - TimeDelta::days(1);
    User {
        id: UserId::new(Uuid::from_u128(0xada)),
        email: EmailAddress::parse("Ada@example.com").unwrap(),
        email_verified: false,
        name: None,
        language: Language::English,
        time_zone: TimeZone::UTC,
        leap_day_rule: LeapDayRule::Feb28,
        phone_region: None,
        avatar: None,
        version: 3,
        created_at: yesterday,
        updated_at: yesterday,
    }
}

/// Ada as the lock returns her: with the version that she will have.
pub(crate) fn locked_ada() -> User {
    User { version: ada().version + 1, ..ada() }
}

/// Another address than Ada's.
pub(crate) fn another_address() -> EmailAddress {
    EmailAddress::parse("lovelace@example.org").unwrap()
}

/// What is stored of Ada's password.
pub(crate) fn a_hash() -> PasswordHash {
    PasswordHash::new("$hash".into())
}

/// The picture of this number.
pub(crate) fn an_avatar(number: u128) -> Avatar {
    let location = AvatarLocation::new(format!("/media/{number}.png")).unwrap();
    Avatar { id: AvatarId::new(Uuid::from_u128(number)), location }
}

/// Who sends the requests.
pub(crate) fn a_caller() -> Caller {
    Caller { address: ClientAddress::parse("203.0.113.7").unwrap(), user_agent: UserAgent::new("curl/8") }
}

/// Of sessions that end after a day that they are not used, or after a week.
pub(crate) fn lifetimes() -> SessionLifetimes {
    SessionLifetimes {
        access: std::time::Duration::from_mins(15),
        idle: std::time::Duration::from_hours(24),
        absolute: std::time::Duration::from_hours(7 * 24),
    }
}

/// Ada's session, which began an hour ago and was refreshed a minute ago, for the second time.
pub(crate) fn a_session() -> Session {
    let (an_hour_ago, a_minute_ago) = (now() - TimeDelta::hours(1), now() - TimeDelta::minutes(1));
    let ends_at = lifetimes().end(an_hour_ago);
    Session {
        id: SessionId::new(Uuid::from_u128(0x5e)),
        user: ada().id,
        user_agent: a_caller().user_agent,
        address: a_caller().address,
        created_at: an_hour_ago,
        last_used_at: a_minute_ago,
        counter: 2,
        expires_at: lifetimes().expiry(a_minute_ago, ends_at),
        ends_at,
        revoked_at: None,
    }
}

/// Ada in her session.
pub(crate) fn current_ada() -> CurrentUser {
    CurrentUser { user: ada(), session: a_session().id }
}

/// A link that was mailed to Ada a minute ago.
pub(crate) fn a_link(purpose: LinkPurpose) -> Link {
    let a_minute_ago = now() - TimeDelta::minutes(1);
    Link {
        id: MailId::new(Uuid::from_u128(0x11)),
        user: ada().id,
        purpose,
        address: ada().email,
        hash: LinkHash([7; 32]),
        created_at: a_minute_ago,
        expires_at: Some(a_minute_ago + purpose.lifetime()),
        closed_at: None,
    }
}

/// A mail that this worker holds, with the id of the sample link.
pub(crate) fn a_mail(subject: MailSubject) -> ClaimedMail {
    let order = MailOrder { id: a_link(LinkPurpose::VerifyEmail).id, subject, created_at: now() };
    ClaimedMail { order, lease: a_lease(), attempts: 0 }
}

/// What the worker holds mails with.
pub(crate) fn a_lease() -> LeaseId {
    LeaseId::new(Uuid::from_u128(0x1ea5e))
}

/// Ada's address book.
pub(crate) fn a_book() -> AddressBook {
    AddressBook { id: AddressBookId::new(Uuid::from_u128(0xb00)), owner: ada().id }
}

/// Ada's address book when it is locked, after so many creations. Its last change has the number 42.
pub(crate) fn locked(creations: i64) -> Advanced {
    Advanced { book: a_book(), last_change: 42, creations }
}

/// What the lock of Ada's address book gives out.
pub(crate) fn stamp() -> ChangeStamp {
    ChangeStamp { book: a_book(), seq: 42 }
}

/// Met by the sample contact.
pub(crate) fn current() -> Preconditions {
    let tag = EntityTag::of(&a_contact()).to_string();
    Preconditions { if_match: Some(EntityTags::parse(&tag)), if_none_match: None }
}

/// Of a client that knows an older state of the sample contact.
pub(crate) fn stale() -> Preconditions {
    Preconditions { if_match: Some(EntityTags::parse("\"6-0\"")), if_none_match: None }
}

/// Of a client that asks for any other state than the sample contact's.
pub(crate) fn unless_current() -> Preconditions {
    Preconditions { if_match: None, if_none_match: current().if_match }
}

pub(crate) fn a_draft() -> ContactDraft {
    ContactDraft {
        first_name: Some("Grace".into()),
        last_name: Some("Hopper".into()),
        email: Some("grace@example.com".into()),
        phone: Some("+44 20 7946 0000".into()),
        birthday: Some("1906-12-09".into()),
        ..ContactDraft::default()
    }
}

/// The contact of [`a_draft`], which Ada wrote yesterday.
pub(crate) fn a_contact() -> Contact {
    let required = RequiredFields::default();
    let yesterday = now() - TimeDelta::days(1);
    let circumstances = Circumstances { today: yesterday.date_naive(), phone_region: None, required: &required };
    Contact {
        id: ContactId::new(Uuid::from_u128(0xc0)),
        owner: ada().id,
        details: a_draft().validate(circumstances).unwrap(),
        seq: 7,
        created_at: yesterday,
        updated_at: yesterday,
    }
}
