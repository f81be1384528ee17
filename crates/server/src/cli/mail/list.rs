//! `contacts mail list`: the mails that were given up, and why.

use std::sync::Arc;

use chrono::SecondsFormat;
use clap::{Arg, ArgAction, ArgMatches, Command};
use contacts_application::mail::ListDeadMails;
use contacts_domain::{
    mail::{DeadMail, MailSubject},
    ports::UnitOfWorkFactory,
};
use serde_json::{Value, json};

use super::{failure, migrate};
use crate::{cli::flags::flags, failure::Failure};

const JSON: &str = "json";
/// More than anybody reads.
const LIMIT: u32 = 1000;

pub(super) fn command() -> Command {
    Command::new("list")
        .about("Lists the mails that were given up, the oldest first, at most 1000")
        .arg(Arg::new(JSON).long("json").action(ArgAction::SetTrue).help("Prints one JSON array"))
        .args(flags(&migrate::SETTINGS))
}

pub(super) async fn run(store: Arc<dyn UnitOfWorkFactory>, matches: &ArgMatches) -> Result<String, Failure> {
    let mails = ListDeadMails::new(store).execute(LIMIT).await.map_err(failure)?;
    Ok(if matches.get_flag(JSON) { as_json(&mails) } else { as_text(&mails) })
}

fn as_text(mails: &[DeadMail]) -> String {
    if mails.is_empty() {
        return "No mail was given up.\n".to_owned();
    }
    let line = |mail: &DeadMail| {
        let DeadMail { order, attempts, buried_at, reason } = mail;
        let at = buried_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("{}  {}  {at}  tried {attempts} times: {reason}\n", order.id, subject(&order.subject))
    };
    mails.iter().map(line).collect()
}

fn as_json(mails: &[DeadMail]) -> String {
    let entry = |mail: &DeadMail| {
        let DeadMail { order, attempts, buried_at, reason } = mail;
        json!({
            "id": order.id.to_string(),
            "subject": subject(&order.subject),
            "attempts": attempts,
            "created_at": order.created_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "given_up_at": buried_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "reason": reason,
        })
    };
    format!("{:#}\n", Value::Array(mails.iter().map(entry).collect()))
}

/// What it is about. To whom it goes is between them and us.
const fn subject(subject: &MailSubject) -> &'static str {
    match subject {
        MailSubject::VerifyEmail { .. } => "verify_email",
        MailSubject::ResetPassword { .. } => "reset_password",
        MailSubject::ConfirmNewEmail { .. } => "confirm_new_email",
        MailSubject::EmailChangeRequested { .. } => "email_change_requested",
        MailSubject::EmailChanged { .. } => "email_changed",
        MailSubject::PasswordChanged { .. } => "password_changed",
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{
        Timestamp,
        ids::{MailId, UserId},
        mail::MailOrder,
    };

    use super::*;

    fn mail() -> DeadMail {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let subject = MailSubject::PasswordChanged { user: UserId::parse(id).unwrap() };
        DeadMail {
            order: MailOrder { id: MailId::parse(id).unwrap(), subject, created_at: time("2026-11-22T07:18:00Z") },
            attempts: 18,
            buried_at: time("2026-11-22T17:18:00Z"),
            reason: "refused".into(),
        }
    }

    #[test]
    fn the_same_as_text_and_as_json() {
        let text = as_text(&[mail()]);
        assert_eq!(
            text,
            "01890a5d-ac96-774b-bcce-b302099a8057  password_changed  2026-11-22T17:18:00Z  tried 18 times: refused\n"
        );
        let parsed: Value = serde_json::from_str(&as_json(&[mail()])).unwrap();
        assert_eq!(parsed[0]["given_up_at"], "2026-11-22T17:18:00.000000Z");
        assert_eq!(parsed[0]["reason"], "refused");
    }

    #[test]
    fn nothing_to_list_is_said_in_a_sentence() {
        assert_eq!(as_text(&[]), "No mail was given up.\n");
        assert_eq!(as_json(&[]), "[]\n");
    }
}
