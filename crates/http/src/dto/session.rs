use contacts_domain::{caller::UserAgent, ids::SessionId, session::Session as DomainSession};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use super::time;
use crate::openapi::Document;

/// Somewhere where the user is logged in.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct Session {
    id: String,
    user_agent: Option<String>,
    created_at: String,
    last_used_at: String,
    current: bool,
}

/// Where the user is logged in; the session that was used last comes first.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct SessionList {
    items: Vec<Session>,
}

impl SessionList {
    /// `current` is the session that asks.
    pub(crate) fn new(sessions: &[DomainSession], current: SessionId) -> Self {
        Self { items: sessions.iter().map(|session| Session::new(session, current)).collect() }
    }
}

impl Session {
    fn new(session: &DomainSession, current: SessionId) -> Self {
        // Everything is named, so that a new field is not forgotten here.
        let DomainSession {
            id,
            user: _,
            user_agent,
            address: _,
            created_at,
            last_used_at,
            counter: _,
            expires_at: _,
            ends_at: _,
            revoked_at: _,
        } = session;
        Self {
            id: id.to_string(),
            user_agent: user_agent.as_ref().map(|user_agent| user_agent.as_str().to_owned()),
            created_at: time(*created_at),
            last_used_at: time(*last_used_at),
            current: *id == current,
        }
    }
}

pub(super) fn describe(document: &mut Document) {
    document
        .all_required("SessionList")
        .all_required("Session")
        .property("Session", "id", json!({"format": "uuid"}))
        .property(
            "Session",
            "user_agent",
            json!({
                "description": "What the client called itself when it logged in; null where it did not say.",
                "maxLength": UserAgent::MAX_LENGTH, "nullable": true, "example": "curl/8.5.0",
            }),
        )
        .property("Session", "created_at", json!({"description": "When it began.", "format": "date-time"}))
        .property(
            "Session",
            "last_used_at",
            json!({"description": "When it was refreshed last; else when it began.", "format": "date-time"}),
        )
        .property("Session", "current", json!({"description": "Whether it is the one that asks."}));
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use chrono::{TimeZone as _, Utc};
    use contacts_domain::{caller::ClientAddress, ids::UserId};
    use uuid::Uuid;

    use super::*;

    fn session(id: u128, user_agent: Option<&str>) -> DomainSession {
        let noon = Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap();
        DomainSession {
            id: SessionId::new(Uuid::from_u128(id)),
            user: UserId::new(Uuid::from_u128(9)),
            user_agent: user_agent.and_then(UserAgent::new),
            address: ClientAddress::new(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            created_at: noon,
            last_used_at: noon,
            counter: 3,
            expires_at: noon,
            ends_at: noon,
            revoked_at: None,
        }
    }

    #[test]
    fn a_session_tells_what_its_user_may_know_and_which_one_asks() {
        let sessions = [session(1, Some("curl/8")), session(2, None)];
        let list = serde_json::to_value(SessionList::new(&sessions, sessions[1].id)).unwrap();
        let common = |id: &str, user_agent: serde_json::Value, current: bool| {
            json!({
                "id": id, "user_agent": user_agent, "current": current,
                "created_at": "2026-11-22T12:00:00.000000Z", "last_used_at": "2026-11-22T12:00:00.000000Z",
            })
        };
        let first = common("00000000-0000-0000-0000-000000000001", json!("curl/8"), false);
        let second = common("00000000-0000-0000-0000-000000000002", json!(null), true);
        assert_eq!(list, json!({"items": [first, second]}));
    }
}
