//! What the drivers' errors mean, said once.

use contacts_domain::ports::{RepositoryError, UniqueKey};
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// Translates an error. `gone` says that the connection was lost with it.
pub(crate) fn translate(error: Error, gone: bool) -> RepositoryError {
    match &error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => match unique_key(&**information) {
            Some(key) => RepositoryError::Conflict(key),
            None => RepositoryError::Backend(error.into()),
        },
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => RepositoryError::Unavailable(error.into()),
        Error::DatabaseError(_, information) if gone || is_lost(&error) || is_passing(information.message()) => {
            RepositoryError::Unavailable(error.into())
        }
        Error::BrokenTransactionManager => RepositoryError::Unavailable(error.into()),
        _ => RepositoryError::Backend(error.into()),
    }
}

/// Whether the connection was lost before the server could say anything.
pub(crate) const fn is_lost(error: &Error) -> bool {
    matches!(
        error,
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
    )
}

/// Whether the server's reason has no kind that the driver knows.
pub(crate) const fn is_unknown(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(DatabaseErrorKind::Unknown, _))
}

/// What SQLite says where its file is locked by another process for longer than its timeout.
const LOCKED: &str = "database is locked";

pub(crate) fn is_locked(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, information) if information.message().starts_with(LOCKED))
}

/// Messages of faults that pass: the server goes down or comes up (SQLSTATE 57P01 to 57P03), has no room (53300), or
/// ended a deadlock (40P01), a wait for a lock (55P03) or a read that took too long (57014); SQLite's file is locked. The
/// driver keeps the code to itself and passes on the text, which is that of PostgreSQL where its `lc_messages` is C or
/// English.
fn is_passing(message: &str) -> bool {
    [
        "terminating connection",
        "the database system is",
        "sorry, too many clients already",
        "remaining connection slots are reserved",
        "deadlock detected",
        "canceling statement due to lock timeout",
        "canceling statement due to statement timeout",
        LOCKED,
    ]
    .iter()
    .any(|beginning| message.starts_with(beginning))
}

/// PostgreSQL names the constraint, SQLite only its columns, in the message.
fn unique_key(information: &dyn DatabaseErrorInformation) -> Option<UniqueKey> {
    let name = information.constraint_name().unwrap_or_else(|| information.message());
    match name.trim_start_matches("UNIQUE constraint failed: ") {
        "users_email_key_unique" | "users.email_key" => Some(UniqueKey::UserEmail),
        // The ledger alone has a primary key of two columns.
        "creations.address_book_id, creations.last" => Some(UniqueKey::Id),
        primary if primary.ends_with("_pkey") || primary.ends_with(".id") => Some(UniqueKey::Id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: DatabaseErrorKind, message: &str) -> Error {
        Error::DatabaseError(kind, Box::new(message.to_owned()))
    }

    #[test]
    fn both_spellings_of_a_taken_address_are_the_same_conflict() {
        for message in ["UNIQUE constraint failed: users.email_key", "users_email_key_unique"] {
            let error = translate(failure(DatabaseErrorKind::UniqueViolation, message), false);
            assert!(matches!(error, RepositoryError::Conflict(UniqueKey::UserEmail)), "{error:?}");
        }
    }

    #[test]
    fn both_spellings_of_a_primary_key_are_the_same_conflict() {
        for message in [
            "UNIQUE constraint failed: sessions.id",
            "sessions_pkey",
            "UNIQUE constraint failed: creations.address_book_id, creations.last",
            "creations_pkey",
        ] {
            let error = translate(failure(DatabaseErrorKind::UniqueViolation, message), false);
            assert!(matches!(error, RepositoryError::Conflict(UniqueKey::Id)), "{error:?}");
        }
    }

    #[test]
    fn a_database_that_goes_away_is_unavailable() {
        for (kind, message, broken) in [
            (DatabaseErrorKind::UnableToSendCommand, "connection closed", false),
            (DatabaseErrorKind::ClosedConnection, "", false),
            (DatabaseErrorKind::Unknown, "terminating connection due to administrator command", false),
            (DatabaseErrorKind::Unknown, "whatever", true),
            (DatabaseErrorKind::Unknown, "database is locked", false),
            (DatabaseErrorKind::Unknown, "canceling statement due to lock timeout", false),
            (DatabaseErrorKind::Unknown, "canceling statement due to statement timeout", false),
        ] {
            let error = translate(failure(kind, message), broken);
            assert!(matches!(error, RepositoryError::Unavailable(_)), "{message}: {error:?}");
        }
    }

    #[test]
    fn a_fault_of_ours_is_not_excused() {
        let error = translate(failure(DatabaseErrorKind::Unknown, "syntax error"), false);
        assert!(matches!(error, RepositoryError::Backend(_)), "{error:?}");
        let error = translate(failure(DatabaseErrorKind::UniqueViolation, "some_other_index"), false);
        assert!(matches!(error, RepositoryError::Backend(_)), "{error:?}");
    }
}
