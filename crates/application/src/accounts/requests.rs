//! What clients send about their accounts. There is no `Debug`: these hold passwords and tokens.

use contacts_domain::{
    email_address::EmailAddress,
    password::Password,
    validation::{ValidationErrors, Violation},
};

use crate::Result;

/// The address that a mail is asked for.
#[derive(Clone, Default)]
pub struct AddressRequest {
    /// Required.
    pub email: Option<String>,
    /// What was already wrong when the request was read; so in all that follow.
    pub errors: ValidationErrors,
}

impl AddressRequest {
    pub(super) fn validate(self) -> Result<EmailAddress> {
        let Self { email, mut errors } = self;
        // Whoever has an account since other addresses were accepted is sent mail, too.
        let email = email.ok_or_else(Violation::required).and_then(|text| EmailAddress::parse_known(&text));
        match errors.check("email", email) {
            Some(email) => Ok(errors.into_result(email)?),
            None => Err(errors.into()),
        }
    }
}

/// The token of a mailed link.
#[derive(Clone, Default)]
pub struct LinkRequest {
    /// Required: the text behind `token=` in the link.
    pub token: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl LinkRequest {
    pub(super) fn validate(self) -> Result<String> {
        let Self { token, mut errors } = self;
        match errors.check("token", token.ok_or_else(Violation::required)) {
            Some(token) => Ok(errors.into_result(token)?),
            None => Err(errors.into()),
        }
    }
}

/// The token of a mailed link, and the password that it shall set.
#[derive(Clone, Default)]
pub struct PasswordReset {
    /// Required: the text behind `token=` in the link.
    pub token: Option<String>,
    /// Required. Judged by [`Password::choose`].
    pub new_password: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl PasswordReset {
    pub(super) fn validate(self) -> Result<(String, Password)> {
        let Self { token, new_password, mut errors } = self;
        let token = errors.check("token", token.ok_or_else(Violation::required));
        let password = chosen(&mut errors, new_password);
        match (token, password) {
            (Some(token), Some(password)) => Ok(errors.into_result((token, password))?),
            _ => Err(errors.into()),
        }
    }
}

/// A password, and the one that shall take its place.
#[derive(Clone, Default)]
pub struct PasswordChange {
    /// Required. Any text may be tried.
    pub current_password: Option<String>,
    /// Required. Judged by [`Password::choose`]; it may be the same as before.
    pub new_password: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl PasswordChange {
    pub(super) fn validate(self) -> Result<(Password, Password)> {
        let Self { current_password, new_password, mut errors } = self;
        let current = attempted(&mut errors, "current_password", current_password);
        let new = chosen(&mut errors, new_password);
        match (current, new) {
            (Some(current), Some(new)) => Ok(errors.into_result((current, new))?),
            _ => Err(errors.into()),
        }
    }
}

/// The address that shall take the place of the present one.
#[derive(Clone, Default)]
pub struct EmailChange {
    /// Required. Judged by [`EmailAddress::parse`].
    pub new_email: Option<String>,
    /// Required: that of the account, for a stolen token must not be enough.
    pub password: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl EmailChange {
    pub(super) fn validate(self) -> Result<(EmailAddress, Password)> {
        let Self { new_email, password, mut errors } = self;
        let new_email = new_email.ok_or_else(Violation::required).and_then(|text| EmailAddress::parse(&text));
        let new_email = errors.check("new_email", new_email);
        let password = attempted(&mut errors, "password", password);
        match (new_email, password) {
            (Some(new_email), Some(password)) => Ok(errors.into_result((new_email, password))?),
            _ => Err(errors.into()),
        }
    }
}

/// The wish to delete an account.
#[derive(Clone, Default)]
pub struct AccountDeletion {
    /// Required: that of the account, for a stolen token must not be enough.
    pub password: Option<String>,
    /// What was already wrong when the request was read.
    pub errors: ValidationErrors,
}

impl AccountDeletion {
    pub(super) fn validate(self) -> Result<Password> {
        let Self { password, mut errors } = self;
        match attempted(&mut errors, "password", password) {
            Some(password) => Ok(errors.into_result(password)?),
            None => Err(errors.into()),
        }
    }
}

fn attempted(errors: &mut ValidationErrors, field: &str, text: Option<String>) -> Option<Password> {
    errors.check(field, text.ok_or_else(Violation::required)).map(|text| Password::attempt(&text))
}

fn chosen(errors: &mut ValidationErrors, text: Option<String>) -> Option<Password> {
    errors.check("new_password", text.ok_or_else(Violation::required).and_then(|text| Password::choose(&text)))
}

#[cfg(test)]
mod tests {
    use contacts_domain::validation::ViolationCode::{CommonPassword, InvalidEmail, Required, UnknownField};

    use super::*;
    use crate::testing::{fault, faults, unknown_field};

    #[test]
    fn everything_missing_is_reported_with_what_else_is_wrong() {
        let errors = unknown_field;
        let unknown = || fault("unknown", UnknownField);
        let link = LinkRequest { errors: errors(), ..LinkRequest::default() };
        assert_eq!(faults(link.validate()), [unknown(), fault("token", Required)]);
        let reset = PasswordReset { errors: errors(), ..PasswordReset::default() };
        let expected = [unknown(), fault("token", Required), fault("new_password", Required)];
        assert_eq!(faults(reset.validate()), expected);
        let change = PasswordChange { errors: errors(), ..PasswordChange::default() };
        let expected = [unknown(), fault("current_password", Required), fault("new_password", Required)];
        assert_eq!(faults(change.validate()), expected);
        let change = EmailChange { errors: errors(), ..EmailChange::default() };
        let expected = [unknown(), fault("new_email", Required), fault("password", Required)];
        assert_eq!(faults(change.validate()), expected);
        let deletion = AccountDeletion { errors: errors(), ..AccountDeletion::default() };
        assert_eq!(faults(deletion.validate()), [unknown(), fault("password", Required)]);
    }

    #[test]
    fn what_was_wrong_when_it_was_read_is_refused_although_nothing_is_missing() {
        let (errors, unknown) = (unknown_field, [fault("unknown", UnknownField)]);
        let text = || Some(String::from("analytical engine"));
        assert_eq!(faults(LinkRequest { token: text(), errors: errors() }.validate()), unknown);
        let reset = PasswordReset { token: text(), new_password: text(), errors: errors() };
        assert_eq!(faults(reset.validate()), unknown);
        let change = PasswordChange { current_password: text(), new_password: text(), errors: errors() };
        assert_eq!(faults(change.validate()), unknown);
        let change = EmailChange { new_email: Some("ada@example.com".into()), password: text(), errors: errors() };
        assert_eq!(faults(change.validate()), unknown);
        assert_eq!(faults(AccountDeletion { password: text(), errors: errors() }.validate()), unknown);
    }

    #[test]
    fn a_new_password_is_judged_and_a_present_one_is_only_compared() {
        let common = || Some(String::from("password"));
        let reset = PasswordReset { token: common(), new_password: common(), ..PasswordReset::default() };
        assert_eq!(faults(reset.validate()), [fault("new_password", CommonPassword)]);
        let change = PasswordChange { current_password: common(), new_password: common(), ..PasswordChange::default() };
        assert_eq!(faults(change.validate()), [fault("new_password", CommonPassword)]);
        assert!(AccountDeletion { password: common(), ..AccountDeletion::default() }.validate().is_ok());
    }

    #[test]
    fn a_mail_is_asked_for_with_an_address_that_could_not_be_registered_today() {
        let request = AddressRequest { email: Some("ada\u{200b}@example.com".into()), ..AddressRequest::default() };
        assert_eq!(request.validate().unwrap().as_str(), "ada\u{200b}@example.com");
    }

    #[test]
    fn a_new_address_is_judged() {
        let change = EmailChange { new_email: Some("ada".into()), password: Some("any".into()), ..Default::default() };
        assert_eq!(faults(change.validate()), [fault("new_email", InvalidEmail)]);
    }
}
