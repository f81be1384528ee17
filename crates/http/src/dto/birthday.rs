use contacts_application::contacts::{BirthdayPage as DomainPage, UpcomingBirthday as DomainBirthday};
use contacts_domain::{birthday_query::BirthdayListRequest, birthday_window::BirthdayWindow};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use super::contact::Contact;
use crate::{
    input::{FromQuery, QueryFields},
    openapi::Document,
};

/// A contact and their next birthday.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct UpcomingBirthday {
    contact: Contact,
    next_birthday: String,
    days_until: u16,
    turning: Option<u16>,
}

impl From<DomainBirthday> for UpcomingBirthday {
    fn from(birthday: DomainBirthday) -> Self {
        let DomainBirthday { contact, occurrence } = birthday;
        Self {
            contact: contact.into(),
            next_birthday: occurrence.date.to_string(),
            days_until: occurrence.days_until,
            turning: occurrence.turning,
        }
    }
}

/// A page of birthdays, and the window that they lie in.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct BirthdayPage {
    from: String,
    through: String,
    time_zone: &'static str,
    leap_day_rule: &'static str,
    items: Vec<UpcomingBirthday>,
    pub(crate) next_cursor: Option<String>,
}

impl From<DomainPage> for BirthdayPage {
    fn from(page: DomainPage) -> Self {
        let DomainPage { window, time_zone, page } = page;
        Self {
            from: window.from().to_string(),
            through: window.through().to_string(),
            time_zone: time_zone.name(),
            leap_day_rule: window.leap_day_rule().as_str(),
            items: page.items.into_iter().map(UpcomingBirthday::from).collect(),
            next_cursor: page.next_cursor,
        }
    }
}

impl FromQuery for BirthdayListRequest {
    const PARAMETERS: &'static [&'static str] = &["days", "tz", "from", "limit", "cursor"];

    fn from_query(mut fields: QueryFields) -> Self {
        Self {
            days: fields.take("days"),
            tz: fields.take("tz"),
            from: fields.take("from"),
            limit: fields.take("limit"),
            cursor: fields.take("cursor"),
            errors: fields.errors,
        }
    }
}

pub(super) fn describe(document: &mut Document) {
    document
        .all_required("UpcomingBirthday")
        .property("UpcomingBirthday", "next_birthday", json!({"format": "date", "example": "2026-12-10"}))
        .property(
            "UpcomingBirthday",
            "days_until",
            json!({
                "description": "Days from the window's first day.", "minimum": 0, "maximum": BirthdayWindow::MAX_DAYS,
            }),
        )
        .property(
            "UpcomingBirthday",
            "turning",
            json!({
                "description": "The age reached that day; null where the year is unknown, or the day lies before the birth.",
                "minimum": 0, "nullable": true, "example": 211,
            }),
        )
        .all_required("BirthdayPage")
        .property("BirthdayPage", "from", json!({"format": "date", "example": "2026-12-08"}))
        .property("BirthdayPage", "through", json!({"format": "date", "example": "2026-12-15"}))
        .property("BirthdayPage", "time_zone", json!({"example": "Europe/Warsaw"}))
        .property("BirthdayPage", "leap_day_rule", json!({"enum": ["feb28", "mar1"]}))
        .property(
            "BirthdayPage",
            "next_cursor",
            json!({
                "description": "Goes on with this list; null on the last page.", "nullable": true,
            }),
        );
}
