use contacts_domain::{
    contact::{Contact as DomainContact, ContactDetails},
    contact_draft::ContactDraft,
    contact_patch::ContactPatch,
    email_address::EmailAddress,
    labels::{Label, Labels},
    notes::Notes,
    person_name::PersonName,
    phone::Phone,
    validation::ValidationErrors,
};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use super::{
    contact_list::{MATCHED_FIELDS, matched_fields},
    trash::{DELETED_AT, deleted_at},
    written::{Day, Id, Time},
};
use crate::{
    json::{Fields, FromFields},
    openapi::Document,
};

/// Somebody a user knows.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct Contact {
    id: Id,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    phone_e164: Option<String>,
    birthday: Option<Day>,
    additional_data: Option<String>,
    labels: Vec<String>,
    created_at: Time,
    updated_at: Time,
}

/// What a client does not write; it is ignored where it is sent back.
const READ_ONLY: [&str; 4] = ["id", "phone_e164", "created_at", "updated_at"];
/// The same of a contact in a list, or in the trash.
const READ_ONLY_IN_LISTS: [&str; 2] = [MATCHED_FIELDS, DELETED_AT];

impl From<DomainContact> for Contact {
    fn from(contact: DomainContact) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let DomainContact { id, owner: _, details, seq: _, created_at, updated_at } = contact;
        let ContactDetails { first_name, last_name, email, phone, birthday, additional_data, labels } = details;
        let (phone, phone_e164) = phone.map(Phone::into_parts).unzip();
        Self {
            id: Id(id.uuid()),
            first_name: first_name.map(PersonName::into_string),
            last_name: last_name.map(PersonName::into_string),
            email: email.map(EmailAddress::into_string),
            phone,
            phone_e164: phone_e164.flatten(),
            birthday: birthday.map(Day),
            additional_data: additional_data.map(Notes::into_string),
            labels: labels.into_vec().into_iter().map(Label::into_string).collect(),
            created_at: Time(created_at),
            updated_at: Time(updated_at),
        }
    }
}

impl From<&DomainContact> for Contact {
    fn from(contact: &DomainContact) -> Self {
        contact.clone().into()
    }
}

/// A contact to create, or to replace another by.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `ContactDraft` is read from")]
pub(crate) struct ContactInput {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    birthday: Option<String>,
    additional_data: Option<String>,
    labels: Option<Vec<String>>,
}

/// A change of the named fields of a contact; null clears a field.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `ContactPatch` is read from")]
pub(crate) struct ContactChange {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    birthday: Option<String>,
    additional_data: Option<String>,
    labels: Option<Vec<String>>,
}

impl FromFields for ContactDraft {
    type Schema = ContactInput;

    fn from_fields(fields: &mut Fields) -> Self {
        fields.ignore(&READ_ONLY);
        fields.ignore(&READ_ONLY_IN_LISTS);
        Self {
            first_name: fields.text("first_name"),
            last_name: fields.text("last_name"),
            email: fields.text("email"),
            phone: fields.text("phone"),
            birthday: fields.text("birthday"),
            additional_data: fields.text("additional_data"),
            labels: fields.texts("labels").unwrap_or_default(),
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

impl FromFields for ContactPatch {
    type Schema = ContactChange;

    fn from_fields(fields: &mut Fields) -> Self {
        fields.ignore(&READ_ONLY);
        fields.ignore(&READ_ONLY_IN_LISTS);
        Self {
            first_name: fields.change("first_name"),
            last_name: fields.change("last_name"),
            email: fields.change("email"),
            phone: fields.change("phone"),
            birthday: fields.change("birthday"),
            additional_data: fields.change("additional_data"),
            labels: fields.change_texts("labels"),
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

pub(super) fn describe(document: &mut Document) {
    let name = json!({"minLength": 1, "maxLength": PersonName::MAX_LENGTH, "nullable": true, "example": "Ada"});
    for schema in ["Contact", "ContactInput", "ContactChange"] {
        document
            .property(schema, "first_name", name.clone())
            .property(schema, "last_name", name.clone())
            .property(schema, "last_name", json!({"example": "Lovelace"}))
            .property(
                schema,
                "email",
                json!({
                    "format": "email", "maxLength": EmailAddress::MAX_LENGTH, "nullable": true,
                    "example": "ada.lovelace@example.com",
                }),
            )
            .property(
                schema,
                "phone",
                json!({
                    "description": "Kept as typed: digits, spaces and `+ ( ) - . / x #`, at least 3 digits.",
                    "minLength": Phone::MIN_LENGTH, "maxLength": Phone::MAX_LENGTH, "nullable": true,
                    "pattern": "^[0-9 +().\\/x#-]*$", "example": "+44 20 7946 0000",
                }),
            )
            .property(
                schema,
                "birthday",
                json!({
                    "description": "`YYYY-MM-DD`, or `--MM-DD` where the year is unknown; not in the future.",
                    "pattern": "^([0-9]{4}|-)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
                    "nullable": true, "example": "1815-12-10",
                }),
            )
            .property(
                schema,
                "additional_data",
                json!({
                    "description": "Any text.", "maxLength": Notes::MAX_LENGTH, "nullable": true,
                    "example": "Met at a conference.",
                }),
            )
            .property(
                schema,
                "labels",
                json!({
                    "description": "In the order given. Labels that differ in case or accents alone are the same: \
                        the first is kept.",
                    "maxItems": Labels::MAX, "example": ["Chess", "Book club"],
                    "items": {"type": "string", "minLength": 1, "maxLength": Label::MAX_LENGTH},
                }),
            );
    }
    for schema in ["ContactInput", "ContactChange"] {
        document.property(schema, "labels", json!({"nullable": true}));
    }
    document
        .schema("ContactInput", json!({
            "description": "A contact to create, or to replace another by: a field left out becomes null, \
                `labels` empty. The deployment says which fields are required (`CONTACTS_REQUIRED_FIELDS`; by default \
                all but `additional_data` and `labels`); a first or a last name always is. The read-only fields of a \
                contact may be sent back, and are ignored.",
        }))
        .schema("ContactChange", json!({
            "description": "Changes of the named fields (RFC 7396); null clears one. A required field cannot be \
                cleared. The read-only fields of a contact may be sent back, and are ignored.",
        }))
        .all_required("Contact")
        .property("Contact", "id", json!({"format": "uuid", "readOnly": true}))
        .property("Contact", "phone_e164", json!({
            "description": "The phone number in E.164, where it is a valid one: with a country code, or as dialled \
                in the user's `phone_region`.",
            "nullable": true, "readOnly": true, "pattern": "^\\+[0-9]{1,15}$", "example": "+442079460000",
        }))
        .property("Contact", "created_at", json!({"format": "date-time", "readOnly": true}))
        .property("Contact", "updated_at", json!({"format": "date-time", "readOnly": true}));
    for schema in ["ContactInput", "ContactChange"] {
        document
            .property(schema, MATCHED_FIELDS, matched_fields())
            .property(schema, DELETED_AT, deleted_at())
            .closed(schema, "Contact", &READ_ONLY);
    }
}
