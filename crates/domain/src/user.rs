//! A user: somebody who keeps contacts here.

use crate::{
    Timestamp,
    avatar::Avatar,
    birthday_window::LeapDayRule,
    email_address::EmailAddress,
    ids::UserId,
    language::Language,
    password::{Password, PasswordHash},
    person_name::PersonName,
    phone::PhoneRegion,
    time_zone::TimeZone,
    validation::{ValidationErrors, Violation},
};

/// An account, without what proves whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Stays, whatever else of the account changes.
    pub id: UserId,
    /// By its [key](EmailAddress::account_key) no other account's; it is what the user logs in with.
    pub email: EmailAddress,
    /// Whether a mailed link proved that the user reads this address.
    pub email_verified: bool,
    /// What they want to be called; `None` where they did not say.
    pub name: Option<PersonName>,
    /// Of mails and pages, not of the API.
    pub language: Language,
    /// Where "today" is, for their birthdays lists and for what lies in the future.
    pub time_zone: TimeZone,
    /// When contacts born on a 29th of February celebrate in other years.
    pub leap_day_rule: LeapDayRule,
    /// Where numbers without a country code are dialled; `None` where they did not say.
    pub phone_region: Option<PhoneRegion>,
    /// `None` where they show no picture.
    pub avatar: Option<Avatar>,
    /// Grows with every change, so that of two copies of a user the newer one is known.
    pub version: i64,
    /// When they registered.
    pub created_at: Timestamp,
    /// When one of these fields was written last. The password is none of them.
    pub updated_at: Timestamp,
}

/// A user and what proves that it is them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// As they are stored.
    pub user: User,
    /// To be given to [`PasswordHasher::verify`](crate::ports::PasswordHasher::verify), and to nobody else.
    pub password_hash: PasswordHash,
    /// Whether a session of the user ever began at the address that is asking.
    pub knows_address: bool,
    /// Whether an operator keeps the user out.
    pub disabled: bool,
}

/// A user as an operator sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// As the service knows them.
    pub user: User,
    /// Whether an operator keeps the user out.
    pub disabled: bool,
    /// `None` where nobody ever logged in.
    pub last_login_at: Option<Timestamp>,
}

/// A registration as a client sends it.
#[derive(Clone, Default)]
pub struct Registration {
    /// Required. Judged by [`EmailAddress::parse`].
    pub email: Option<String>,
    /// Required. Judged by [`Password::choose`].
    pub password: Option<String>,
    /// Judged by [`PersonName::parse`].
    pub name: Option<String>,
    /// Judged by [`Language::parse`].
    pub language: Option<String>,
    /// Judged by [`TimeZone::parse`]; UTC where it is missing.
    pub time_zone: Option<String>,
    /// Judged by [`PhoneRegion::parse`].
    pub phone_region: Option<String>,
    /// What the client seems to speak, where it does not say.
    pub preferred_language: Language,
    /// What was already wrong when the registration was read.
    pub errors: ValidationErrors,
}

/// A registration in which nothing is wrong.
#[derive(Clone, Debug)]
pub struct ValidRegistration {
    /// Whether somebody has an account of it already is not known yet.
    pub email: EmailAddress,
    /// In clear, until it is hashed.
    pub password: Password,
    /// `None` where they did not say.
    pub name: Option<PersonName>,
    /// What they said, or else what their client seems to speak.
    pub language: Language,
    /// UTC where they did not say.
    pub time_zone: TimeZone,
    /// `None` where they did not say.
    pub phone_region: Option<PhoneRegion>,
}

impl Registration {
    /// The registration, or everything that is wrong with it.
    pub fn validate(self) -> Result<ValidRegistration, ValidationErrors> {
        let Self { email, password, name, language, time_zone, phone_region, preferred_language, mut errors } = self;
        let email =
            errors.check("email", email.ok_or_else(Violation::required).and_then(|text| EmailAddress::parse(&text)));
        let password =
            errors.check("password", password.ok_or_else(Violation::required).and_then(|text| Password::choose(&text)));
        let name = errors.parse("name", name, |text| PersonName::parse(&text));
        let language = errors.parse("language", language, |tag| Language::parse(&tag)).unwrap_or(preferred_language);
        let time_zone = errors.parse("time_zone", time_zone, |name| TimeZone::parse(&name)).unwrap_or_default();
        let phone_region = errors.parse("phone_region", phone_region, |code| PhoneRegion::parse(&code));
        match (email, password) {
            (Some(email), Some(password)) => {
                errors.into_result(ValidRegistration { email, password, name, language, time_zone, phone_region })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::{TimeZone as _, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::validation::ViolationCode;

    pub(crate) fn ada() -> User {
        let now = Utc.with_ymd_and_hms(2026, 11, 22, 8, 0, 0).unwrap();
        User {
            id: UserId::new(Uuid::from_u128(1)),
            email: EmailAddress::parse("ada@example.com").unwrap(),
            email_verified: false,
            name: None,
            language: Language::English,
            time_zone: TimeZone::UTC,
            leap_day_rule: LeapDayRule::Feb28,
            phone_region: None,
            avatar: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    #[test]
    fn only_e_mail_and_password_are_required() {
        let registration = Registration {
            email: Some("ada@example.com".into()),
            password: Some("analytical engine".into()),
            preferred_language: Language::Polish,
            ..Default::default()
        };
        let valid = registration.validate().unwrap();
        assert_eq!(valid.language, Language::Polish);
        assert_eq!(valid.time_zone, TimeZone::UTC);
        assert_eq!(valid.phone_region, None);
    }

    #[test]
    fn every_fault_is_reported() {
        let registration = Registration {
            email: Some("ada".into()),
            password: None,
            name: Some(String::new()),
            language: Some("tlh".into()),
            time_zone: Some("Mars/Olympus".into()),
            phone_region: Some("pl".into()),
            ..Default::default()
        };
        let errors = registration.validate().unwrap_err();
        let codes: Vec<_> = errors.iter().map(|e| (e.field(), e.code)).collect();
        assert_eq!(
            codes,
            [
                ("email", ViolationCode::InvalidEmail),
                ("password", ViolationCode::Required),
                ("name", ViolationCode::TooShort),
                ("language", ViolationCode::InvalidLanguage),
                ("time_zone", ViolationCode::InvalidTimeZone),
                ("phone_region", ViolationCode::InvalidPhoneRegion),
            ]
        );
    }
}
