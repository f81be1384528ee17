use actix_web::{HttpRequest, http::header::HeaderName};
use contacts_domain::{
    contact_query::{ContactListRequest, MAX_FILTER_LENGTH},
    page::{Page, PageLimit},
};
use paperclip::actix::{api_v2_operation, web::Data};
use serde_json::json;

use crate::{
    dto::contact_list::{ContactPage, ListedContact},
    input::{Authenticated, Count, Query},
    openapi::Document,
    problem::Code,
    responder::{Answer, Listed, Refusals, Refused},
    state::State,
};

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Any list that is paged.
pub(super) struct Paged;

impl Refusals for Paged {
    const CODES: &'static [Code] = &[Code::InvalidCursor];
}

/// List and search contacts
///
/// All filters must match; case and accents make no difference (`lodz` finds `Łódź`). By last and first name where
/// nothing else is asked for; a search by `q` brings the best matches first. Where it finds nothing, words count that
/// are near: one letter wrong, missing, too many, or two exchanged in a word of at least four letters of a name, the
/// e-mail or a label.
#[api_v2_operation(tags(Contacts), operation_id = "listContacts")]
pub(super) async fn list(
    state: Data<State>,
    request: Authenticated<(Query<ContactListRequest>, Count)>,
    http: HttpRequest,
) -> Result<Answer<ContactPage, Listed>, Refused<Paged>> {
    let Authenticated { user, input: (Query(wanted), Count(count)), .. } = request;
    let listed = state
        .in_place(move |application| async move { application.contacts.list.execute(user.id, wanted, count).await })
        .await?;
    let Page { items, next_cursor } = listed.page;
    let items = items.into_iter().map(ListedContact::from).collect();
    let page = ContactPage { items, next_cursor: next_cursor.clone(), total: listed.total };
    let answer = Answer::listed(page, &http, next_cursor.as_deref());
    Ok(if count { answer.with_header(PREFERENCE_APPLIED, "count=exact") } else { answer })
}

/// The parameters that every paged list has.
pub(super) fn describe_paging(document: &mut Document, operation: &str) {
    document
        .parameter(
            operation,
            "limit",
            "How many items a page holds. More than 200 is 200.",
            json!({"type": "integer", "minimum": 1, "default": PageLimit::DEFAULT, "example": PageLimit::DEFAULT}),
        )
        .parameter(
            operation,
            "cursor",
            "`next_cursor` of the page before; everything else unchanged.",
            json!({"pattern": "^[A-Za-z0-9_-]+$"}),
        );
}

pub(super) fn describe(document: &mut Document) {
    let text = json!({"maxLength": MAX_FILTER_LENGTH});
    for (name, description) in [
        ("first_name", "A part of the first name."),
        ("last_name", "A part of the last name."),
        ("email", "A part of the e-mail."),
        (
            "q",
            "Words, each of which is found in the name, the e-mail, a label, or the phone number however it is spelled, \
             or begins a word of the additional data.",
        ),
        ("label", "A whole label, in any spelling that is the same."),
    ] {
        document.parameter("listContacts", name, description, text.clone());
    }
    document.parameter(
        "listContacts",
        "sort",
        "Fields in order of weight, `-` before a name for descending order: `first_name`, `last_name`, `email`, \
         `birthday` (by month and day, then year), `created_at`, `updated_at`, each once.",
        json!({
            "example": "last_name,-created_at",
            "pattern": "^-?(first_name|last_name|email|birthday|created_at|updated_at)\
                (,-?(first_name|last_name|email|birthday|created_at|updated_at))*$",
        }),
    );
    document.describe_operation(
        "listContacts",
        json!({"responses": {"200": {"headers": {"Preference-Applied": {
            "description": "`count=exact`, where it was asked for (RFC 7240).", "schema": {"type": "string"},
        }}}}}),
    );
    describe_paging(document, "listContacts");
}
