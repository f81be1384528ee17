//! How what was wrong becomes a problem.

use std::time::Duration;

use contacts_application::Error;
use contacts_domain::{
    Timestamp,
    creation_quota::Exceeded,
    validation::{Place, ValidationError, ValidationErrors, ViolationCode},
};

use super::{Code, FieldError, Problem, RETRY_AFTER};
use crate::dto;

impl From<ValidationErrors> for Problem {
    fn from(errors: ValidationErrors) -> Self {
        Self::invalid(&errors)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let problem = Self::of(&error);
        if let Error::Unavailable(source) | Error::Internal(source) = error {
            return Self { source: Some(source), ..problem };
        }
        problem
    }
}

impl Problem {
    /// The problem that an error is, but for the cause, which is the error's.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Invalid(errors) => Self::invalid(errors),
            Error::InvalidCredentials => Self::new(Code::InvalidCredentials),
            Error::InvalidToken => Self::new(Code::InvalidToken),
            Error::EmailNotVerified => Self::new(Code::EmailNotVerified),
            Error::WrongPassword => Self::new(Code::WrongPassword),
            Error::InvalidLink => Self::new(Code::InvalidLink),
            Error::UnsupportedImage => Self::new(Code::UnsupportedImage),
            Error::ImageTooLarge => Self::new(Code::ImageTooLarge),
            Error::RateLimited { retry_after } => Self::new(Code::RateLimited).retry_after(*retry_after),
            Error::QuotaExceeded { exceeded, now } => quota_exceeded(*exceeded, *now),
            Error::PreconditionFailed => Self::new(Code::PreconditionFailed),
            Error::IdempotencyKeyReused => Self::new(Code::IdempotencyKeyReused),
            Error::InFlight { retry_after } => Self::new(Code::RequestInFlight).retry_after(*retry_after),
            Error::BatchFailed(errors) => Self { errors: faults(errors), ..Self::new(Code::BatchFailed) },
            Error::SyncTokenExpired => Self::new(Code::SyncTokenExpired),
            Error::NotFound => Self::new(Code::NotFound),
            Error::EmailTaken => Self::new(Code::EmailTaken),
            Error::Busy => Self::new(Code::Busy).retry_after(RETRY_AFTER),
            Error::Unavailable(_) => Self::new(Code::Unavailable).retry_after(RETRY_AFTER),
            Error::Internal(_) => Self::new(Code::Internal),
        }
    }

    fn invalid(errors: &ValidationErrors) -> Self {
        let are_all = |code| errors.iter().all(|error| error.code == code);
        let code = if are_all(ViolationCode::InvalidCursor) {
            Code::InvalidCursor
        } else if are_all(ViolationCode::InvalidSyncToken) {
            Code::InvalidSyncToken
        } else {
            Code::ValidationFailed
        };
        Self { errors: faults(errors), ..Self::new(code) }
    }
}

fn faults(errors: &ValidationErrors) -> Vec<FieldError> {
    let fault = |error: &ValidationError| FieldError {
        pointer: match &error.place {
            Place::Request => String::new(),
            Place::Field(name) => format!("/{name}"),
        },
        code: error.code,
        detail: error.message.clone(),
    };
    errors.iter().map(fault).collect()
}

/// Says when the next creation is possible.
fn quota_exceeded(exceeded: Exceeded, now: Timestamp) -> Problem {
    let problem = Problem::new(Code::CreationQuotaExceeded);
    match exceeded {
        Exceeded::Until(at) => problem
            .with_detail(format!("The next contact can be created at {}.", dto::time(at)))
            .retry_after(at.signed_duration_since(now).to_std().unwrap_or_default()),
        Exceeded::TooManyAtOnce { limit } => {
            problem.with_detail(format!("At most {limit} contacts can be created in one window of time."))
        }
    }
}

/// Whole seconds, rounded up: `Retry-After` is never 0, for then nothing would have changed.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use contacts_domain::validation::Violation;

    use super::*;

    #[test]
    fn a_bad_cursor_or_token_alone_has_a_code_of_its_own() {
        for (violation, code) in [
            (ViolationCode::InvalidCursor, Code::InvalidCursor),
            (ViolationCode::InvalidSyncToken, Code::InvalidSyncToken),
        ] {
            let fault = Violation::new(violation, "damaged").at("since");
            assert_eq!(Problem::from(ValidationErrors::from(fault.clone())).code(), code);
            let mut both = ValidationErrors::from(fault);
            both.push(Violation::new(ViolationCode::OutOfRange, "-1").at("limit"));
            assert_eq!(Problem::from(both).code(), Code::ValidationFailed);
        }
    }

    #[test]
    fn faults_of_a_batch_are_told_with_their_places() {
        let fault = Violation::required().at("operations/3/contact/email");
        let problem = Problem::from(Error::BatchFailed(fault.into()));
        assert_eq!(problem.code(), Code::BatchFailed);
        assert_eq!(problem.fault_at("/operations/3/contact/email"), Some(ViolationCode::Required));
    }

    #[test]
    fn who_comes_too_soon_is_told_to_wait_for_a_second_at_least() {
        let retry_after = |milliseconds| {
            let problem = Problem::from(Error::InFlight { retry_after: Duration::from_millis(milliseconds) });
            problem.begin().finish().headers().get("retry-after").unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!([retry_after(0), retry_after(1), retry_after(1001)], ["1", "1", "2"]);
    }
}
