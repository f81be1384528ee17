//! `contacts audit list`: logins, logouts, changed passwords and addresses, and who it was.

use std::sync::Arc;

use chrono::SecondsFormat;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use contacts_application::{Error, audit::ListAuditEvents};
use contacts_domain::{audit::AuditEvent, ports::UnitOfWorkFactory};
use serde_json::json;

use super::migrate;
use crate::{cli::flags::flags, failure::Failure};

const USER: &str = "user";
const LIMIT: &str = "limit";
const JSON: &str = "json";
/// What fits on a screen or two.
const DEFAULT_LIMIT: &str = "100";
/// More is for whoever asks the database itself.
const MAX_LIMIT: i64 = 10_000;

pub(super) fn command() -> Command {
    Command::new("list")
        .about("Lists what happened to accounts in the last 400 days, the newest first")
        .arg(
            Arg::new(USER)
                .long("user")
                .value_name("EMAIL or ID")
                .help("Of one user alone; that of a former account is known by its id only"),
        )
        .arg(
            Arg::new(LIMIT)
                .long("limit")
                .value_name("NUMBER")
                .value_parser(value_parser!(u32).range(1..=MAX_LIMIT))
                .default_value(DEFAULT_LIMIT)
                .help(format!("How many at most, 1 to {MAX_LIMIT}")),
        )
        .arg(Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON object a line"))
        .args(flags(&migrate::SETTINGS))
}

pub(super) async fn run(store: Arc<dyn UnitOfWorkFactory>, matches: &ArgMatches) -> Result<String, Failure> {
    let user = matches.get_one::<String>(USER).map(String::as_str);
    let limit = matches.get_one::<u32>(LIMIT).copied().unwrap_or_default();
    let events = ListAuditEvents::new(store).execute(user, limit).await;
    let events = events.map_err(|error| failure(user.unwrap_or_default(), &error))?;
    Ok(if matches.get_flag(JSON) { as_json(&events) } else { as_text(&events) })
}

fn failure(user: &str, error: &Error) -> Failure {
    match error {
        Error::NotFound => Failure::new(format!("Nobody has an account with the address {user}.")),
        error => Failure::because("Cannot read the audit log", error),
    }
}

fn as_text(events: &[AuditEvent]) -> String {
    if events.is_empty() {
        return "Nothing is recorded.\n".to_owned();
    }
    let line = |event: &AuditEvent| {
        let AuditEvent { id: _, kind, user, session, caller, at } = event;
        let mut line = format!("{}  {}", at.to_rfc3339_opts(SecondsFormat::Secs, true), kind.as_str());
        match user {
            Some(user) => line.push_str(&format!("  user {user}")),
            None => line.push_str("  no account"),
        }
        if let Some(session) = session {
            line.push_str(&format!("  session {session}"));
        }
        if let Some(caller) = caller {
            line.push_str(&format!("  from {}", caller.address));
            // Quoted, and what a terminal would not show as it is escaped: a stranger wrote it.
            if let Some(agent) = &caller.user_agent {
                line.push_str(&format!("  {:?}", agent.as_str()));
            }
        }
        line + "\n"
    };
    events.iter().map(line).collect()
}

fn as_json(events: &[AuditEvent]) -> String {
    let line = |event: &AuditEvent| {
        let AuditEvent { id, kind, user, session, caller, at } = event;
        let agent = caller.as_ref().and_then(|caller| caller.user_agent.as_ref());
        let entry = json!({
            "id": id.to_string(),
            "at": at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "kind": kind.as_str(),
            "user": user.map(|id| id.to_string()),
            "session": session.map(|id| id.to_string()),
            "address": caller.as_ref().map(|caller| caller.address.to_string()),
            "user_agent": agent.map(|agent| agent.as_str()),
        });
        format!("{entry}\n")
    };
    events.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        Timestamp,
        audit::AuditKind,
        caller::{Caller, ClientAddress, UserAgent},
        ids::{AuditId, SessionId, UserId},
    };
    use serde_json::Value;

    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn event() -> AuditEvent {
        AuditEvent {
            id: AuditId::parse(ID).unwrap(),
            kind: AuditKind::LoggedIn,
            user: UserId::parse(ID),
            session: SessionId::parse(ID),
            caller: Some(Caller {
                address: ClientAddress::parse("203.0.113.7").unwrap(),
                user_agent: UserAgent::new("curl/8 \"\u{202e}\""),
            }),
            at: "2026-11-22T17:18:00Z".parse::<Timestamp>().unwrap(),
        }
    }

    fn of_nobody() -> AuditEvent {
        AuditEvent { kind: AuditKind::LoginFailed, user: None, session: None, caller: None, ..event() }
    }

    #[test]
    fn an_event_is_a_line_that_holds_no_character_a_terminal_obeys() {
        let lines = [
            format!(
                "2026-11-22T17:18:00Z  logged_in  user {ID}  session {ID}  from 203.0.113.7  \
                 \"curl/8 \\\"\\u{{202e}}\\\"\"\n"
            ),
            "2026-11-22T17:18:00Z  login_failed  no account\n".to_owned(),
        ];
        assert_eq!(as_text(&[event(), of_nobody()]), lines.concat());
    }

    #[test]
    fn the_same_is_a_line_of_json() {
        let text = as_json(&[event(), of_nobody()]);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [first, second] = lines.as_slice() else { panic!("{text}") };
        assert_eq!(
            *first,
            json!({
                "id": ID, "at": "2026-11-22T17:18:00.000000Z", "kind": "logged_in", "user": ID, "session": ID,
                "address": "203.0.113.7", "user_agent": "curl/8 \"\u{202e}\"",
            })
        );
        for absent in ["user", "session", "address", "user_agent"] {
            assert_eq!(second[absent], Value::Null, "{absent}");
        }
    }

    #[test]
    fn nothing_to_list_is_said_in_a_sentence() {
        assert_eq!(as_text(&[]), "Nothing is recorded.\n");
        assert_eq!(as_json(&[]), "");
    }

    #[test]
    fn a_limit_is_a_number_that_somebody_may_want_to_read() {
        let read = |limit: &str| command().try_get_matches_from(["list", "--limit", limit]).is_ok();
        assert!(read("1") && read("10000"));
        for limit in ["0", "10001", "-1", "many"] {
            assert!(!read(limit), "{limit}");
        }
    }
}
