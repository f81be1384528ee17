use contacts_domain::ids::ContactId;
use paperclip::actix::{api_v2_operation, web::Data};
use tracing::{Instrument, Span};

use crate::{
    dto::{
        account::User,
        export::{Export, export},
    },
    input::{Authenticated, NoQuery},
    responder::{Download, Refused},
    state::State,
};

/// Everything that is mine
///
/// The account, and all contacts as bodies of `POST /contacts/batch`, which takes each of them back. It is told
/// while it is read: where that fails on the way, the connection breaks off, and what came is not whole JSON.
#[api_v2_operation(tags(Accounts), operation_id = "exportMe")]
pub(super) async fn export_me(
    state: Data<State>,
    request: Authenticated<NoQuery>,
) -> Result<Download<Export>, Refused> {
    let Authenticated { user, input: NoQuery, .. } = request;
    let account = User::new(&user, state.public_url());
    let owner = user.id;
    let page = move |after: Option<ContactId>| {
        let state = state.clone();
        async move {
            state.run(move |application| async move { application.accounts.export.execute(owner, after).await }).await
        }
    };
    // While nothing was said, a failure can still be answered.
    let first = page(None).await?;
    // What is told later belongs to the same request in the log.
    let span = Span::current();
    let next = move |after| {
        let page = page(Some(after));
        let told = async {
            page.await.inspect_err(|problem| {
                tracing::error!(code = problem.code().as_str(), cause = problem.cause(), "an export broke off");
            })
        };
        told.instrument(span.clone())
    };
    Ok(Download::new("contacts.json", export(account, first, next)))
}
