//! What happens around every request, from the outside in: [`observe`], [`drain`],
//! [`head_as_get`].

mod drain;
mod head_as_get;
mod observe;

pub(crate) use self::{drain::drain, head_as_get::head_as_get, observe::observe};
