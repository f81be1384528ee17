//! The audit log: what happened to accounts. It is only ever added to, until an entry is 400 days old.

use crate::{
    Timestamp,
    caller::Caller,
    ids::{AuditId, SessionId, UserId},
};

/// One security event. It holds no secret, and no text that a stranger typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    pub id: AuditId,
    pub kind: AuditKind,
    /// `None` where nobody has the account that was tried.
    pub user: Option<UserId>,
    pub session: Option<SessionId>,
    /// `None` where this service itself acted.
    pub caller: Option<Caller>,
    pub at: Timestamp,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    Registered,
    LoggedIn,
    LoginFailed,
    /// A refresh token was used that had been used before; the session ended.
    RefreshReused,
    LoggedOut,
    /// A session was ended from another one.
    SessionEnded,
    EmailVerified,
    PasswordChanged,
    PasswordReset,
    EmailChangeRequested,
    EmailChanged,
    AccountDeleted,
    /// An account that was never verified and never used was removed.
    AccountPurged,
    /// An operator keeps the user out.
    AccountDisabled,
    AccountEnabled,
}

impl AuditKind {
    pub const ALL: [Self; 15] = [
        Self::Registered,
        Self::LoggedIn,
        Self::LoginFailed,
        Self::RefreshReused,
        Self::LoggedOut,
        Self::SessionEnded,
        Self::EmailVerified,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::EmailChangeRequested,
        Self::EmailChanged,
        Self::AccountDeleted,
        Self::AccountPurged,
        Self::AccountDisabled,
        Self::AccountEnabled,
    ];

    /// How it is stored and shown. These texts never change.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::LoggedIn => "logged_in",
            Self::LoginFailed => "login_failed",
            Self::RefreshReused => "refresh_reused",
            Self::LoggedOut => "logged_out",
            Self::SessionEnded => "session_ended",
            Self::EmailVerified => "email_verified",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChanged => "email_changed",
            Self::AccountDeleted => "account_deleted",
            Self::AccountPurged => "account_purged",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
