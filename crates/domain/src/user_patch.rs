//! A change of a user's own settings.

use crate::{
    Timestamp,
    birthday_window::LeapDayRule,
    contact_patch::Change,
    language::Language,
    person_name::PersonName,
    phone::PhoneRegion,
    time_zone::TimeZone,
    user::User,
    validation::{ValidationErrors, Violation},
};

/// The changes as a client sends them. Name and phone region may be cleared, the others may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// Judged by [`PersonName::parse`]. May be cleared.
    pub name: Change<String>,
    /// Judged by [`Language::parse`].
    pub language: Change<String>,
    /// Judged by [`TimeZone::parse`].
    pub time_zone: Change<String>,
    /// Judged by [`LeapDayRule::parse`].
    pub leap_day_rule: Change<String>,
    /// Judged by [`PhoneRegion::parse`]. May be cleared.
    pub phone_region: Change<String>,
    /// What was already wrong when the patch was read.
    pub errors: ValidationErrors,
}

/// Changes in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidUserPatch {
    name: Change<PersonName>,
    language: Option<Language>,
    time_zone: Option<TimeZone>,
    leap_day_rule: Option<LeapDayRule>,
    phone_region: Change<PhoneRegion>,
}

impl UserPatch {
    /// The changes, or everything that is wrong with them.
    pub fn validate(self) -> Result<ValidUserPatch, ValidationErrors> {
        let Self { name, language, time_zone, leap_day_rule, phone_region, mut errors } = self;
        let patch = ValidUserPatch {
            name: name.parse(&mut errors, "name", |text| PersonName::parse(&text)),
            language: kept_or_set(&mut errors, "language", language, |tag| Language::parse(&tag)),
            time_zone: kept_or_set(&mut errors, "time_zone", time_zone, |name| TimeZone::parse(&name)),
            leap_day_rule: kept_or_set(&mut errors, "leap_day_rule", leap_day_rule, |rule| LeapDayRule::parse(&rule)),
            phone_region: phone_region.parse(&mut errors, "phone_region", |code| PhoneRegion::parse(&code)),
        };
        errors.into_result(patch)
    }
}

impl ValidUserPatch {
    /// The user after the changes, made at `now`; the same user where nothing changes.
    pub fn apply(self, user: User, now: Timestamp) -> User {
        let Self { name, language, time_zone, leap_day_rule, phone_region } = self;
        let changed = User {
            name: name.apply(user.name.clone()),
            language: language.unwrap_or(user.language),
            time_zone: time_zone.unwrap_or(user.time_zone),
            leap_day_rule: leap_day_rule.unwrap_or(user.leap_day_rule),
            phone_region: phone_region.apply(user.phone_region),
            ..user.clone()
        };
        if changed == user { user } else { User { updated_at: now, ..changed } }
    }
}

fn kept_or_set<T>(
    errors: &mut ValidationErrors,
    field: &str,
    change: Change<String>,
    parse: impl FnOnce(String) -> Result<T, Violation>,
) -> Option<T> {
    match change {
        Change::Keep => None,
        Change::Clear => errors.check(field, Err(Violation::required())),
        Change::Set(text) => errors.check(field, parse(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{user::tests::ada, validation::ViolationCode};

    #[test]
    fn only_the_named_settings_change() {
        let patch = UserPatch {
            name: Change::Set(" Ada ".into()),
            leap_day_rule: Change::Set("mar1".into()),
            ..UserPatch::default()
        };
        let later = ada().updated_at + chrono::TimeDelta::hours(1);
        let changed = patch.validate().unwrap().apply(ada(), later);
        assert_eq!(changed.name.as_ref().unwrap().as_str(), "Ada");
        assert_eq!(changed.leap_day_rule, LeapDayRule::Mar1);
        assert_eq!(changed.time_zone, ada().time_zone);
        assert_eq!(changed.updated_at, later);
    }

    #[test]
    fn a_patch_of_nothing_leaves_the_time_of_change_alone() {
        let patch = UserPatch { time_zone: Change::Set("UTC".into()), name: Change::Clear, ..UserPatch::default() };
        let later = ada().updated_at + chrono::TimeDelta::hours(1);
        assert_eq!(patch.validate().unwrap().apply(ada(), later), ada());
    }

    #[test]
    fn settings_that_always_have_a_value_are_not_cleared() {
        let patch = UserPatch {
            language: Change::Clear,
            time_zone: Change::Set("Mars/Olympus".into()),
            phone_region: Change::Clear,
            ..UserPatch::default()
        };
        let errors = patch.validate().unwrap_err();
        let codes: Vec<_> = errors.iter().map(|e| (e.field(), e.code)).collect();
        assert_eq!(codes, [("language", ViolationCode::Required), ("time_zone", ViolationCode::InvalidTimeZone)]);
    }
}
