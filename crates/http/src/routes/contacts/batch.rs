use contacts_application::contacts::OperationResult;
use contacts_domain::batch::BatchRequest;
use paperclip::actix::{api_v2_operation, web::Data};
use serde_json::json;

use crate::{
    dto::batch::BatchOutcome,
    input::{Authenticated, BatchJson, Keyed},
    openapi::Document,
    problem::Code,
    responder::{Answer, AnsweredOnce, Found, Refusals, Refused},
    state::State,
};

pub(super) struct Failed;

impl Refusals for Failed {
    const CODES: &'static [Code] = &[Code::BatchFailed, Code::CreationQuotaExceeded, Code::Busy];
}

/// Many changes at once
///
/// Up to 500 operations in one transaction, carried out in their order. One that cannot be carried out undoes all;
/// with `"atomic": false` it only fails itself, and its refusal is kept under an `Idempotency-Key` like the rest. A batch
/// is one request, and as many creations as it holds. Of batches beyond 256 KiB a user has at most two at once; another
/// one waits for its turn, or is refused after five seconds. Of all operations together the first 1,000 faults are told,
/// and of each that fails by itself one at least.
#[api_v2_operation(tags(Contacts), operation_id = "batchContacts")]
pub(super) async fn batch(
    state: Data<State>,
    request: Authenticated<Keyed<BatchRequest, BatchJson>>,
) -> Result<AnsweredOnce<BatchOutcome, Found>, Refused<Failed>> {
    let Authenticated { user, input: Keyed { value: batch, key, place, .. }, .. } = request;
    let base = state.public_url().to_owned();
    let answer = move |results: &Vec<OperationResult>| Answer::found(BatchOutcome::new(results, &base));
    let once = key.once(user.id, answer.clone());
    let done = state
        .run(move |application| async move {
            // Until its end, even where nobody waits for it any more.
            let _place = place;
            application.contacts.batch.execute(&user, batch, once).await
        })
        .await?;
    Ok(AnsweredOnce::new(done, answer))
}

pub(super) fn describe(document: &mut Document) {
    let contact = json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "ada.lovelace@example.com",
        "phone": "+44 20 7946 0000", "birthday": "1815-12-10", "labels": ["Chess"],
    });
    let id = "01932b1c-6e5a-7c3e-9a7c-3f0f5b0c8d11";
    let example = json!({"atomic": true, "operations": [
        {"op": "create", "contact": contact},
        {"op": "update", "id": id, "patch": {"phone": null}, "if_match": "\"1a-603e5c9\""},
        {"op": "delete", "id": id},
    ]});
    let body = json!({"content": {"application/json": {"example": example}}});
    document.describe_operation("batchContacts", json!({"requestBody": body}));
}
