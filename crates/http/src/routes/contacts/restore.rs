use paperclip::actix::{api_v2_operation, web::Data};

use super::current;
use crate::{
    dto::{contact::Contact, nothing::Nothing},
    input::{Authenticated, ContactPath, Keyed, OptionalJson},
    problem::Problem,
    responder::{AnsweredOnce, Current, Refused},
    state::State,
};

/// Restore a contact
///
/// It comes out of the trash as it was, under its id. That is no creation: no quota counts it.
#[api_v2_operation(tags(Contacts), operation_id = "restoreContact")]
pub(super) async fn restore(
    state: Data<State>,
    request: Authenticated<(ContactPath, Keyed<Nothing, OptionalJson>)>,
) -> Result<AnsweredOnce<Contact, Current>, Refused> {
    let Authenticated { user, input: (ContactPath(id), Keyed { value: Nothing { errors }, key, .. }), .. } = request;
    errors.into_result(()).map_err(Problem::from)?;
    let once = key.once(user.id, current);
    let done = state
        .in_place(move |application| async move { application.contacts.restore.execute(user.id, id, once).await })
        .await?;
    Ok(AnsweredOnce::new(done, current))
}
