use contacts_domain::ids::ContactId;
use paperclip::actix::{api_v2_operation, web::Data};

use crate::{
    dto::{
        account::User,
        export::{Export, export},
    },
    input::{Authenticated, NoQuery},
    problem::Code,
    responder::{Download, Refusals, Refused},
    state::State,
};

pub(super) struct TooMany;

impl Refusals for TooMany {
    const CODES: &'static [Code] = &[Code::Busy];
}

/// Everything that is mine
///
/// The account, and all contacts as bodies of `POST /contacts/batch`, which takes each of them back. It is told
/// while it is read: where that fails on the way, the connection breaks off, and what came is not whole JSON. So it does
/// where nobody reads on for 30 seconds. A user has at most two of them at once.
#[api_v2_operation(tags(Accounts), operation_id = "exportMe")]
pub(super) async fn export_me(
    state: Data<State>,
    request: Authenticated<NoQuery>,
) -> Result<Download<Export>, Refused<TooMany>> {
    let Authenticated { user, input: NoQuery, .. } = request;
    let account = User::new(&user, state.public_url());
    let owner = user.id;
    let place = state.exports().place(owner).await?;
    let reads = state.clone();
    let page = move |after: Option<ContactId>| {
        let state = reads.clone();
        async move {
            state.run(move |application| async move { application.accounts.export.execute(owner, after).await }).await
        }
    };
    // While nothing was said, a failure can still be answered.
    let first = page(None).await?;
    let next = move |after| {
        let page = page(Some(after));
        async {
            page.await.inspect_err(|problem| {
                tracing::error!(code = problem.code().as_str(), cause = problem.cause(), "an export broke off");
            })
        }
    };
    Ok(Download::new("contacts.json", state.hand_over(place, export(account, first, next))))
}
