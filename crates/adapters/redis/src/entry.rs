//! How an entry is written into Redis: typed, versioned, and read back with suspicion.

use chrono::DateTime;
use contacts_domain::{
    Timestamp,
    avatar::{Avatar, AvatarLocation},
    birthday_window::LeapDayRule,
    email_address::EmailAddress,
    ids::{AvatarId, SessionId, UserId},
    language::Language,
    person_name::PersonName,
    phone::PhoneRegion,
    session::{CachedUser, CurrentUser},
    time_zone::TimeZone,
    user::User,
    validation::Violation,
};
use serde::{Deserialize, Serialize};

/// Digits of a version. With leading zeros, numbers of any size compare as text, which a Lua script can
/// do exactly.
const VERSION_DIGITS: usize = 20;

#[derive(Serialize, Deserialize)]
struct Entry {
    session: String,
    /// Microseconds since 1970, as all times here.
    read_at: i64,
    id: String,
    email: String,
    email_verified: bool,
    name: Option<String>,
    language: String,
    time_zone: String,
    leap_day_rule: String,
    phone_region: Option<String>,
    avatar: Option<Picture>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize, Deserialize)]
struct Picture {
    id: String,
    location: String,
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
    #[error("the minimum beside it is no version")]
    Minimum,
}

impl From<Violation> for Unreadable {
    fn from(_: Violation) -> Self {
        Self::Field
    }
}

/// A version as text that compares as the number does. A version is never negative.
pub(crate) fn digits(version: i64) -> String {
    let version = version.max(0);
    format!("{version:0VERSION_DIGITS$}")
}

/// Reads what [`digits`] wrote.
pub(crate) fn version(digits: &[u8]) -> Option<i64> {
    let is_number = digits.len() == VERSION_DIGITS && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}

/// The version, then JSON.
pub(crate) fn encode(entry: &CachedUser) -> Result<String, serde_json::Error> {
    // Everything is named, so that a new field is not forgotten here.
    let CachedUser { current: CurrentUser { user, session }, read_at } = entry;
    let User {
        id,
        email,
        email_verified,
        name,
        language,
        time_zone,
        leap_day_rule,
        phone_region,
        avatar,
        version,
        created_at,
        updated_at,
    } = user;
    let json = serde_json::to_string(&Entry {
        session: session.to_string(),
        read_at: read_at.timestamp_micros(),
        id: id.to_string(),
        email: email.as_str().to_owned(),
        email_verified: *email_verified,
        name: name.as_ref().map(|name| name.as_str().to_owned()),
        language: language.tag().to_owned(),
        time_zone: time_zone.name().to_owned(),
        leap_day_rule: leap_day_rule.as_str().to_owned(),
        phone_region: phone_region.map(|region| region.to_string()),
        avatar: avatar
            .as_ref()
            .map(|Avatar { id, location }| Picture { id: id.to_string(), location: location.as_str().to_owned() }),
        version: *version,
        created_at: created_at.timestamp_micros(),
        updated_at: updated_at.timestamp_micros(),
    })?;
    Ok(digits(*version) + &json)
}

/// Reads the entry of that user and that session.
pub(crate) fn decode(user: UserId, session: SessionId, bytes: &[u8]) -> Result<CachedUser, Unreadable> {
    let (digits, json) = bytes.split_at_checked(VERSION_DIGITS).ok_or(Unreadable::Version)?;
    let entry: Entry = serde_json::from_slice(json)?;
    if version(digits) != Some(entry.version) {
        return Err(Unreadable::Version);
    }
    if UserId::parse(&entry.id) != Some(user) || SessionId::parse(&entry.session) != Some(session) {
        return Err(Unreadable::Mistaken);
    }
    let read_at = instant(entry.read_at)?;
    let user = User {
        id: user,
        email: EmailAddress::parse_known(&entry.email)?,
        email_verified: entry.email_verified,
        name: entry.name.map(|name| PersonName::parse(&name)).transpose()?,
        language: Language::parse(&entry.language)?,
        time_zone: TimeZone::parse(&entry.time_zone)?,
        leap_day_rule: LeapDayRule::parse(&entry.leap_day_rule)?,
        phone_region: entry.phone_region.map(|code| PhoneRegion::parse(&code)).transpose()?,
        avatar: entry.avatar.map(picture).transpose()?,
        version: entry.version,
        created_at: instant(entry.created_at)?,
        updated_at: instant(entry.updated_at)?,
    };
    Ok(CachedUser { current: CurrentUser { user, session }, read_at })
}

fn picture(Picture { id, location }: Picture) -> Result<Avatar, Unreadable> {
    let id = AvatarId::parse(&id).ok_or(Unreadable::Field)?;
    let location = AvatarLocation::new(location).ok_or(Unreadable::Field)?;
    Ok(Avatar { id, location })
}

fn instant(microseconds: i64) -> Result<Timestamp, Unreadable> {
    DateTime::from_timestamp_micros(microseconds).ok_or(Unreadable::Field)
}

#[cfg(test)]
mod tests {
    use contacts_contract::{
        fixtures::{at, unique_uuid, user},
        user_cache::cached,
    };
    use contacts_domain::ports::GONE;

    use super::*;

    const USER: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    const SESSION: &str = "01890a5d-ac96-774b-bcce-b302099a8058";
    const AVATAR: &str = "01890a5d-ac96-774b-bcce-b302099a8059";

    fn entry() -> CachedUser {
        let location = AvatarLocation::new("/media/a.png".to_owned()).unwrap();
        let user = User {
            id: UserId::parse(USER).unwrap(),
            email: EmailAddress::parse("ada@example.com").unwrap(),
            avatar: Some(Avatar { id: AvatarId::parse(AVATAR).unwrap(), location }),
            version: 42,
            ..user()
        };
        CachedUser { current: CurrentUser { user, session: SessionId::parse(SESSION).unwrap() }, read_at: at(7) }
    }

    fn read(entry: &CachedUser, bytes: &[u8]) -> Result<CachedUser, Unreadable> {
        decode(entry.current.user.id, entry.current.session, bytes)
    }

    #[test]
    fn an_address_that_would_not_be_accepted_today_is_read() {
        let user = User { email: EmailAddress::from_stored("ada\u{200b}@example.com".into()), ..entry().current.user };
        let entry = CachedUser { current: CurrentUser { user, ..entry().current }, ..entry() };
        let CurrentUser { user, session } = &entry.current;
        assert_eq!(decode(user.id, *session, encode(&entry).unwrap().as_bytes()).unwrap(), entry);
    }

    #[test]
    fn the_encoding_of_version_2_does_not_change() {
        let expected = concat!(
            "00000000000000000042",
            r#"{"session":"01890a5d-ac96-774b-bcce-b302099a8058","read_at":1795331880000007,"#,
            r#""id":"01890a5d-ac96-774b-bcce-b302099a8057","email":"ada@example.com","email_verified":false,"#,
            r#""name":null,"language":"en","time_zone":"UTC","leap_day_rule":"feb28","phone_region":null,"#,
            r#""avatar":{"id":"01890a5d-ac96-774b-bcce-b302099a8059","location":"/media/a.png"},"#,
            r#""version":42,"created_at":1795331880123456,"updated_at":1795331880123456}"#
        );
        assert_eq!(encode(&entry()).unwrap(), expected);
        assert_eq!(read(&entry(), expected.as_bytes()).unwrap(), entry());
    }

    #[test]
    fn versions_sort_as_text() {
        let versions = [0, 9, 10, 1 << 53, (1 << 53) + 1, GONE - 1, GONE];
        assert!(versions.map(digits).is_sorted());
        for number in versions {
            assert_eq!(version(digits(number).as_bytes()), Some(number));
        }
        assert_eq!(digits(-1), digits(0));
    }

    #[test]
    fn an_entry_of_somebody_else_is_refused() {
        let (encoded, entry) = (encode(&entry()).unwrap(), entry());
        let CurrentUser { user, session } = entry.current;
        let stranger = decode(UserId::new(unique_uuid()), session, encoded.as_bytes());
        assert!(matches!(stranger, Err(Unreadable::Mistaken)));
        let other_session = decode(user.id, cached(user).current.session, encoded.as_bytes());
        assert!(matches!(other_session, Err(Unreadable::Mistaken)));
    }

    #[test]
    fn damage_is_refused_and_never_panics() {
        let encoded = encode(&entry()).unwrap();
        for length in 0..encoded.len() {
            assert!(read(&entry(), &encoded.as_bytes()[..length]).is_err());
        }
        for (found, replaced) in [
            ("00000000000000000042", "00000000000000000043"),
            ("00000000000000000042", "+0000000000000000042"),
            ("\"en\"", "\"tlh\""),
            ("\"UTC\"", "\"Mars/Olympus\""),
            ("feb28", "feb30"),
            ("@example.com", ""),
            ("\"name\":null", "\"name\":\"A\\r\\nBcc: x\""),
            ("\"email_verified\":false", "\"email_verified\":\"no\""),
            ("\"created_at\":1795331880123456", "\"created_at\":9223372036854775807"),
            ("\"read_at\":1795331880000007", "\"read_at\":null"),
            ("\"phone_region\":null", "\"phone_region\":\"XX\""),
            ("/media/a.png", "javascript:alert(1)"),
            ("/media/a.png", "//elsewhere.example.com/a.png"),
            (AVATAR, "a"),
        ] {
            let damaged = encoded.replacen(found, replaced, 1);
            assert_ne!(damaged, encoded, "{found}");
            assert!(read(&entry(), damaged.as_bytes()).is_err(), "{replaced}");
        }
    }
}
