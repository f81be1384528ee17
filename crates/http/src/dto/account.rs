use contacts_domain::{
    email_address::EmailAddress,
    language::Language,
    password::Password,
    person_name::PersonName,
    user::{Registration, User as DomainUser},
    user_patch::UserPatch,
    validation::ValidationErrors,
};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use super::time;
use crate::{
    json::{Fields, FromFields},
    openapi::Document,
};

/// An account.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct User {
    id: String,
    email: String,
    name: Option<String>,
    email_verified: bool,
    avatar_url: Option<String>,
    language: String,
    time_zone: String,
    leap_day_rule: String,
    phone_region: Option<String>,
    created_at: String,
    updated_at: String,
}

/// What a client never writes of an account; it is ignored where it is sent back. The address is
/// written once, in a registration.
const READ_ONLY: [&str; 5] = ["id", "email_verified", "avatar_url", "created_at", "updated_at"];

impl User {
    /// `base` is where this service is reached: it may serve the picture itself.
    pub(crate) fn new(user: &DomainUser, base: &str) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let DomainUser {
            id,
            email,
            email_verified,
            name,
            language,
            time_zone,
            leap_day_rule,
            phone_region,
            avatar,
            version: _,
            created_at,
            updated_at,
        } = user;
        Self {
            id: id.to_string(),
            email: email.as_str().to_owned(),
            name: name.as_ref().map(|name| name.as_str().to_owned()),
            email_verified: *email_verified,
            avatar_url: avatar.as_ref().map(|avatar| avatar.location.url(base)),
            language: language.tag().to_owned(),
            time_zone: time_zone.name().to_owned(),
            leap_day_rule: leap_day_rule.as_str().to_owned(),
            phone_region: phone_region.map(|region| region.to_string()),
            created_at: time(*created_at),
            updated_at: time(*updated_at),
        }
    }
}

/// An account to make.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `Registration` is read from")]
pub(crate) struct RegistrationInput {
    email: String,
    password: String,
    name: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    phone_region: Option<String>,
}

impl FromFields for Registration {
    type Schema = RegistrationInput;

    fn from_fields(fields: &mut Fields) -> Self {
        fields.ignore(&READ_ONLY);
        Self {
            email: fields.text("email"),
            password: fields.text("password"),
            name: fields.text("name"),
            language: fields.text("language"),
            time_zone: fields.text("time_zone"),
            phone_region: fields.text("phone_region"),
            preferred_language: Language::default(),
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// A change of the named settings.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `UserPatch` is read from")]
pub(crate) struct UserChange {
    name: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    leap_day_rule: Option<String>,
    phone_region: Option<String>,
}

impl FromFields for UserPatch {
    type Schema = UserChange;

    fn from_fields(fields: &mut Fields) -> Self {
        fields.ignore(&READ_ONLY);
        fields.ignore(&["email"]);
        Self {
            name: fields.change("name"),
            language: fields.change("language"),
            time_zone: fields.change("time_zone"),
            leap_day_rule: fields.change("leap_day_rule"),
            phone_region: fields.change("phone_region"),
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

pub(super) fn describe(document: &mut Document) {
    let email = json!({"format": "email", "maxLength": EmailAddress::MAX_LENGTH, "example": "ada@example.com"});
    for schema in ["User", "RegistrationInput", "UserChange"] {
        document
            .property(
                schema,
                "name",
                json!({
                    "minLength": 1, "maxLength": PersonName::MAX_LENGTH, "nullable": true, "example": "Ada Lovelace",
                }),
            )
            .property(
                schema,
                "language",
                json!({
                    "description": "What this product speaks to the user. By default what `Accept-Language` asks for.",
                    "enum": Language::ALL.map(Language::tag),
                }),
            )
            .property(
                schema,
                "time_zone",
                json!({
                    "description": "A name of the IANA time zone database: where the user's day begins.",
                    "example": "Europe/Warsaw",
                }),
            )
            .property(
                schema,
                "phone_region",
                json!({
                    "description": "Where phone numbers without a country code are dialled (ISO 3166-1 alpha-2).",
                    "pattern": "^[A-Z]{2}$", "nullable": true, "example": "PL",
                }),
            );
    }
    for schema in ["User", "UserChange"] {
        document.property(
            schema,
            "leap_day_rule",
            json!({
                "description": "When somebody born on 29 February celebrates in a year that has none.",
                "enum": ["feb28", "mar1"],
            }),
        );
    }
    for nullable in ["language", "time_zone"] {
        document.property("RegistrationInput", nullable, json!({"nullable": true}));
    }
    // An enum that may be null lists null.
    document.property("RegistrationInput", "language", json!({"enum": ["en", "pl", null]}));
    document
        .all_required("User")
        .property("User", "id", json!({"format": "uuid", "readOnly": true}))
        .property("User", "email", email.clone())
        .property("User", "email", json!({"readOnly": true}))
        .property("User", "email_verified", json!({"readOnly": true}))
        .property(
            "User",
            "avatar_url",
            json!({
                "description": "A picture of the user; null where there is none.",
                "format": "uri", "nullable": true, "readOnly": true,
            }),
        )
        .property("User", "created_at", json!({"format": "date-time", "readOnly": true}))
        .property("User", "updated_at", json!({"format": "date-time", "readOnly": true}))
        .property("RegistrationInput", "email", email.clone())
        .property(
            "RegistrationInput",
            "password",
            json!({
                "description": "Any script; none of the most common ones.", "format": "password",
                "minLength": Password::MIN_LENGTH, "maxLength": Password::MAX_LENGTH,
                "example": "correct horse battery staple",
            }),
        );
    document.closed("RegistrationInput", "User", &READ_ONLY).closed("UserChange", "User", &READ_ONLY).closed(
        "UserChange",
        "User",
        &["email"],
    );
}
