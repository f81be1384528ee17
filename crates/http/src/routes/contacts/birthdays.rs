use actix_web::HttpRequest;
use contacts_domain::{birthday_query::BirthdayListRequest, birthday_window::BirthdayWindow};
use paperclip::actix::{api_v2_operation, web::Data};
use serde_json::json;

use super::list::{Paged, describe_paging};
use crate::{
    dto::birthday::BirthdayPage,
    input::{Authenticated, Query},
    openapi::Document,
    responder::{Answer, Listed, Refused},
    state::State,
};

/// Whose birthday is near
///
/// From today, where the user is, through `days` days later, both included. Sorted by the next birthday, then by
/// name. Born on 29 February, a contact celebrates on the day that the user's `leap_day_rule` says in a year that
/// has none, and appears once.
#[api_v2_operation(tags(Contacts), operation_id = "listBirthdays")]
pub(super) async fn birthdays(
    state: Data<State>,
    request: Authenticated<Query<BirthdayListRequest>>,
    http: HttpRequest,
) -> Result<Answer<BirthdayPage, Listed>, Refused<Paged>> {
    let Authenticated { user, input: Query(wanted), .. } = request;
    let page = state
        .in_place(move |application| async move { application.contacts.birthdays.execute(&user, wanted).await })
        .await?;
    let page = BirthdayPage::from(page);
    let next_cursor = page.next_cursor.clone();
    Ok(Answer::listed(page, &http, next_cursor.as_deref()))
}

pub(super) fn describe(document: &mut Document) {
    document
        .parameter(
            "listBirthdays",
            "days",
            "How many days after the first the window ends.",
            json!({
                "type": "integer", "minimum": 0, "maximum": BirthdayWindow::MAX_DAYS,
                "default": BirthdayWindow::DEFAULT_DAYS,
            }),
        )
        .parameter(
            "listBirthdays",
            "tz",
            "Where today is: a name of the IANA time zone database. By default the user's `time_zone`.",
            json!({"example": "Europe/Warsaw"}),
        )
        .parameter(
            "listBirthdays",
            "from",
            "The first day of the window, instead of today.",
            json!({"format": "date", "example": "2028-02-25"}),
        );
    describe_paging(document, "listBirthdays");
}
