//! The audit log: what happened to accounts. It is only ever added to, until an entry is 400 days old.

use crate::{
    Timestamp,
    caller::Caller,
    ids::{AuditId, SessionId, UserId},
};

/// One security event. It holds no secret, and no text that a stranger typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Made when the event is, so that entries of one process sort by it as by time.
    pub id: AuditId,
    /// One of a closed list: a free text could hold what must not be logged.
    pub kind: AuditKind,
    /// `None` where nobody has the account that was tried.
    pub user: Option<UserId>,
    /// The session that acted, or that was acted on; `None` where there was none, as in a failed login.
    pub session: Option<SessionId>,
    /// `None` where this service itself acted.
    pub caller: Option<Caller>,
    /// When it was noted, in the transaction that did it.
    pub at: Timestamp,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// An account was made. Its address is not verified yet.
    Registered,
    /// A password was right, and a session began.
    LoggedIn,
    /// A password was wrong, or nobody has the account, or its address had to be verified first. Also a wrong password
    /// within a session, where one is asked for again.
    LoginFailed,
    /// A refresh token was used that had been used before; the session ended.
    RefreshReused,
    /// A session was ended by itself.
    LoggedOut,
    /// A session was ended from another one.
    SessionEnded,
    /// A mailed link proved that the user reads the address of the account.
    EmailVerified,
    /// By who knew the old one; the user's other sessions ended.
    PasswordChanged,
    /// By a mailed link; all sessions of the user ended.
    PasswordReset,
    /// Another address was asked for, which is yet to be confirmed.
    EmailChangeRequested,
    /// The new address was confirmed by a mailed link, and is the account's from then on.
    EmailChanged,
    /// By the user, with all that was theirs. The log outlives it.
    AccountDeleted,
    /// An account that was never verified and never used was removed.
    AccountPurged,
    /// An operator keeps the user out.
    AccountDisabled,
    /// An operator lets the user in again.
    AccountEnabled,
}

impl AuditKind {
    /// Each kind once, so that every text can be read back.
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

    /// Reads what [`as_str`](Self::as_str) wrote. `None` for every other text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
