//! What is asked for accounts: links by mail, other passwords and addresses, the end.

use contacts_application::accounts::{
    AccountDeletion, AddressRequest, EmailChange, LinkRequest, PasswordChange, PasswordReset,
};
use contacts_domain::{email_address::EmailAddress, password::Password, validation::ValidationErrors};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use crate::{
    json::{Fields, FromFields},
    openapi::Document,
};

/// What was asked for is on its way, if there is anything to do.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct Accepted {
    status: &'static str,
}

impl Accepted {
    /// There is one answer only: another one would tell who has an account.
    pub(crate) const ANSWER: Self = Self { status: "accepted" };
}

/// The address that a mail is asked for.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `AddressRequest` is read from; so do all that follow")]
pub(crate) struct AddressInput {
    email: String,
}

impl FromFields for AddressRequest {
    type Schema = AddressInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { email: fields.text("email"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// The token of a mailed link.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "see `AddressInput`")]
pub(crate) struct LinkInput {
    token: String,
}

impl FromFields for LinkRequest {
    type Schema = LinkInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { token: fields.text("token"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// The token of a mailed link, and the password that it sets.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "see `AddressInput`")]
pub(crate) struct PasswordResetInput {
    token: String,
    new_password: String,
}

impl FromFields for PasswordReset {
    type Schema = PasswordResetInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { token: fields.text("token"), new_password: fields.text("new_password"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// The present password, and the next.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "see `AddressInput`")]
pub(crate) struct PasswordChangeInput {
    current_password: String,
    new_password: String,
}

impl FromFields for PasswordChange {
    type Schema = PasswordChangeInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            current_password: fields.text("current_password"),
            new_password: fields.text("new_password"),
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// The next address, and the account's password.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "see `AddressInput`")]
pub(crate) struct EmailChangeInput {
    new_email: String,
    password: String,
}

impl FromFields for EmailChange {
    type Schema = EmailChangeInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { new_email: fields.text("new_email"), password: fields.text("password"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// The account's password.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "see `AddressInput`")]
pub(crate) struct AccountDeletionInput {
    password: String,
}

impl FromFields for AccountDeletion {
    type Schema = AccountDeletionInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { password: fields.text("password"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

pub(super) fn describe(document: &mut Document) {
    document.all_required("Accepted").property("Accepted", "status", json!({"enum": [Accepted::ANSWER.status]}));
    for (schema, property) in [("AddressInput", "email"), ("EmailChangeInput", "new_email")] {
        let email = json!({"format": "email", "maxLength": EmailAddress::MAX_LENGTH, "example": "ada@example.com"});
        document.property(schema, property, email);
    }
    for schema in ["LinkInput", "PasswordResetInput"] {
        document.property(schema, "token", json!({"description": "The `token` of the mailed address."}));
    }
    for schema in ["PasswordResetInput", "PasswordChangeInput"] {
        document.property(
            schema,
            "new_password",
            json!({
                "description": "Any script; none of the most common ones.", "format": "password",
                "minLength": Password::MIN_LENGTH, "maxLength": Password::MAX_LENGTH,
                "example": "purple monkey dishwasher",
            }),
        );
    }
    for (schema, property) in [
        ("PasswordChangeInput", "current_password"),
        ("EmailChangeInput", "password"),
        ("AccountDeletionInput", "password"),
    ] {
        document.property(schema, property, json!({"format": "password", "example": "correct horse battery staple"}));
    }
    for schema in [
        "AddressInput",
        "LinkInput",
        "PasswordResetInput",
        "PasswordChangeInput",
        "EmailChangeInput",
        "AccountDeletionInput",
    ] {
        document.closed(schema, schema, &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn read<T: FromFields>(body: &str) -> T {
        Fields::read(parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn each_field_is_read_as_what_it_is() {
        assert_eq!(read::<AddressRequest>(r#"{"email": "a"}"#).email.as_deref(), Some("a"));
        assert_eq!(read::<LinkRequest>(r#"{"token": "t"}"#).token.as_deref(), Some("t"));
        let reset: PasswordReset = read(r#"{"token": "t", "new_password": "n"}"#);
        assert_eq!((reset.token.as_deref(), reset.new_password.as_deref()), (Some("t"), Some("n")));
        let change: PasswordChange = read(r#"{"current_password": "c", "new_password": "n"}"#);
        assert_eq!((change.current_password.as_deref(), change.new_password.as_deref()), (Some("c"), Some("n")));
        let change: EmailChange = read(r#"{"new_email": "e", "password": "p"}"#);
        assert_eq!((change.new_email.as_deref(), change.password.as_deref()), (Some("e"), Some("p")));
        assert_eq!(read::<AccountDeletion>(r#"{"password": "p"}"#).password.as_deref(), Some("p"));
    }

    #[test]
    fn nothing_else_is_read() {
        let reset: PasswordReset = read(r#"{"token": 7, "password": "p"}"#);
        let faults: Vec<_> = reset.errors.iter().map(|error| (error.field(), error.code.as_str())).collect();
        assert_eq!(faults, [("token", "wrong_type"), ("password", "unknown_field")]);
    }
}
