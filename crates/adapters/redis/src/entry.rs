//! How a user is written into Redis: typed, versioned, and read back with suspicion.

use chrono::DateTime;
use contacts_domain::{
    Timestamp, birthday_window::LeapDayRule, email_address::EmailAddress, ids::UserId, language::Language,
    person_name::PersonName, phone::PhoneRegion, time_zone::TimeZone, user::User, validation::Violation,
};
use serde::{Deserialize, Serialize};

/// Digits of the version that an entry begins with. With leading zeros, numbers of any size compare
/// as text, which a Lua script can do exactly; its own numbers are floating.
pub(crate) const VERSION_DIGITS: usize = 20;

/// The key of a user's entry. Another encoding must change its `v1`.
pub(crate) fn key(id: UserId) -> String {
    format!("contacts:v1:user:{id}")
}

#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    email: String,
    email_verified: bool,
    name: Option<String>,
    language: String,
    time_zone: String,
    leap_day_rule: String,
    phone_region: Option<String>,
    version: i64,
    /// Microseconds since 1970.
    created_at: i64,
    updated_at: i64,
}

/// What may be wrong with an entry. None of these texts holds any of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("it does not begin with a version")]
    Version,
    #[error("it is no JSON of a user")]
    Json(#[from] serde_json::Error),
    #[error("a field has an impossible value")]
    Field,
    #[error("it is the entry of somebody else")]
    Mistaken,
}

impl From<Violation> for Unreadable {
    fn from(_: Violation) -> Self {
        Self::Field
    }
}

/// The version, then JSON.
pub(crate) fn encode(user: &User) -> Result<String, serde_json::Error> {
    // Everything is named, so that a new field is not forgotten here.
    let User {
        id,
        email,
        email_verified,
        name,
        language,
        time_zone,
        leap_day_rule,
        phone_region,
        version,
        created_at,
        updated_at,
    } = user;
    let json = serde_json::to_string(&Entry {
        id: id.to_string(),
        email: email.as_str().to_owned(),
        email_verified: *email_verified,
        name: name.as_ref().map(|name| name.as_str().to_owned()),
        language: language.tag().to_owned(),
        time_zone: time_zone.name().to_owned(),
        leap_day_rule: leap_day_rule.as_str().to_owned(),
        phone_region: phone_region.map(|region| region.to_string()),
        version: *version,
        created_at: created_at.timestamp_micros(),
        updated_at: updated_at.timestamp_micros(),
    })?;
    Ok(format!("{version:0VERSION_DIGITS$}{json}"))
}

/// Reads the entry of the user with that id.
pub(crate) fn decode(id: UserId, bytes: &[u8]) -> Result<User, Unreadable> {
    let (digits, json) = bytes.split_at_checked(VERSION_DIGITS).ok_or(Unreadable::Version)?;
    let Entry {
        id: stored_id,
        email,
        email_verified,
        name,
        language,
        time_zone,
        leap_day_rule,
        phone_region,
        version,
        created_at,
        updated_at,
    } = serde_json::from_slice(json)?;
    if digits != format!("{version:0VERSION_DIGITS$}").as_bytes() {
        return Err(Unreadable::Version);
    }
    if UserId::parse(&stored_id) != Some(id) {
        return Err(Unreadable::Mistaken);
    }
    Ok(User {
        id,
        email: EmailAddress::parse(&email)?,
        email_verified,
        name: name.map(|name| PersonName::parse(&name)).transpose()?,
        language: Language::parse(&language)?,
        time_zone: TimeZone::parse(&time_zone)?,
        leap_day_rule: LeapDayRule::parse(&leap_day_rule)?,
        phone_region: phone_region.map(|code| PhoneRegion::parse(&code)).transpose()?,
        version,
        created_at: instant(created_at)?,
        updated_at: instant(updated_at)?,
    })
}

fn instant(microseconds: i64) -> Result<Timestamp, Unreadable> {
    DateTime::from_timestamp_micros(microseconds).ok_or(Unreadable::Field)
}

#[cfg(test)]
mod tests {
    use contacts_contract::fixtures::{unique_uuid, unusual_users, user};

    use super::*;

    #[test]
    fn every_field_is_read_back() {
        for user in unusual_users() {
            assert_eq!(decode(user.id, encode(&user).unwrap().as_bytes()).unwrap(), user);
        }
    }

    #[test]
    fn the_encoding_of_version_1_does_not_change() {
        let user = User {
            id: UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap(),
            email: EmailAddress::parse("ada@example.com").unwrap(),
            version: 42,
            ..user()
        };
        let expected = concat!(
            "00000000000000000042",
            r#"{"id":"01890a5d-ac96-774b-bcce-b302099a8057","email":"ada@example.com","email_verified":false,"#,
            r#""name":null,"language":"en","time_zone":"UTC","leap_day_rule":"feb28","phone_region":null,"#,
            r#""version":42,"created_at":1795331880123456,"updated_at":1795331880123456}"#
        );
        assert_eq!(encode(&user).unwrap(), expected);
        assert_eq!(key(user.id), "contacts:v1:user:01890a5d-ac96-774b-bcce-b302099a8057");
    }

    #[test]
    fn an_entry_of_somebody_else_is_refused() {
        let encoded = encode(&user()).unwrap();
        let other = UserId::new(unique_uuid());
        assert!(matches!(decode(other, encoded.as_bytes()), Err(Unreadable::Mistaken)));
    }

    #[test]
    fn damage_is_refused_and_never_panics() {
        let user = user();
        let encoded = encode(&user).unwrap();
        for length in 0..encoded.len() {
            assert!(decode(user.id, &encoded.as_bytes()[..length]).is_err());
        }
        for (found, replaced) in [
            ("00000000000000000001", "00000000000000000002"),
            ("\"en\"", "\"tlh\""),
            ("\"UTC\"", "\"Mars/Olympus\""),
            ("feb28", "feb30"),
            ("@example.com", ""),
            ("\"name\":null", "\"name\":\"A\\r\\nBcc: x\""),
            ("\"email_verified\":false", "\"email_verified\":\"no\""),
            ("\"created_at\":1795331880123456", "\"created_at\":9223372036854775807"),
            ("\"phone_region\":null", "\"phone_region\":\"XX\""),
        ] {
            let damaged = encoded.replacen(found, replaced, 1);
            assert_ne!(damaged, encoded, "{found}");
            assert!(decode(user.id, damaged.as_bytes()).is_err(), "{replaced}");
        }
    }
}
