//! How a user is stored.

use chrono::NaiveDateTime;
use contacts_domain::{
    avatar::{Avatar, AvatarLocation},
    birthday_window::LeapDayRule,
    email_address::EmailAddress,
    ids::{AvatarId, UserId},
    language::Language,
    person_name::PersonName,
    phone::PhoneRegion,
    ports::{RepositoryError, RepositoryResult},
    time_zone::TimeZone,
    user::User,
    validation::Violation,
};
use diesel::prelude::*;

use crate::{id::Id, schema::users};

/// A user as read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct UserRow {
    id: Id,
    email: String,
    email_verified: bool,
    name: Option<String>,
    language: String,
    time_zone: String,
    leap_day_rule: String,
    phone_region: Option<String>,
    avatar_id: Option<Id>,
    avatar_location: Option<String>,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

/// What every write of a user sets.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct ChangesRow<'a> {
    email: &'a str,
    email_key: String,
    email_verified: bool,
    name: Option<&'a str>,
    language: &'a str,
    time_zone: &'a str,
    leap_day_rule: &'a str,
    phone_region: Option<String>,
    avatar_id: Option<Id>,
    avatar_location: Option<&'a str>,
    updated_at: NaiveDateTime,
}

impl<'a> From<&'a User> for ChangesRow<'a> {
    fn from(user: &'a User) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let User {
            id: _,
            email,
            email_verified,
            name,
            language,
            time_zone,
            leap_day_rule,
            phone_region,
            avatar,
            version: _,
            created_at: _,
            updated_at,
        } = user;
        Self {
            email: email.as_str(),
            email_key: email.account_key(),
            email_verified: *email_verified,
            name: name.as_ref().map(PersonName::as_str),
            language: language.tag(),
            time_zone: time_zone.name(),
            leap_day_rule: leap_day_rule.as_str(),
            phone_region: phone_region.map(|region| region.to_string()),
            avatar_id: avatar.as_ref().map(|avatar| Id(avatar.id.uuid())),
            avatar_location: avatar.as_ref().map(|avatar| avatar.location.as_str()),
            updated_at: updated_at.naive_utc(),
        }
    }
}

impl TryFrom<UserRow> for User {
    type Error = RepositoryError;

    fn try_from(row: UserRow) -> RepositoryResult<Self> {
        let UserRow {
            id,
            email,
            email_verified,
            name,
            language,
            time_zone,
            leap_day_rule,
            phone_region,
            avatar_id,
            avatar_location,
            version,
            created_at,
            updated_at,
        } = row;
        let unknown = |violation: Violation| RepositoryError::Inconsistent(format!("user {}: {violation}", id.0));
        let avatar = match (avatar_id, avatar_location.map(AvatarLocation::new)) {
            (None, None) => None,
            (Some(id), Some(Some(location))) => Some(Avatar { id: AvatarId::new(id.0), location }),
            (Some(_), None | Some(None)) | (None, Some(_)) => {
                return Err(RepositoryError::Inconsistent(format!("user {}: no such picture", id.0)));
            }
        };
        Ok(Self {
            id: UserId::new(id.0),
            email: EmailAddress::from_stored(email),
            email_verified,
            name: name.map(PersonName::from_stored),
            language: Language::parse(&language).map_err(unknown)?,
            time_zone: TimeZone::parse(&time_zone).map_err(unknown)?,
            leap_day_rule: LeapDayRule::parse(&leap_day_rule).map_err(unknown)?,
            phone_region: phone_region.map(|code| PhoneRegion::parse(&code)).transpose().map_err(unknown)?,
            avatar,
            version,
            created_at: created_at.and_utc(),
            updated_at: updated_at.and_utc(),
        })
    }
}
