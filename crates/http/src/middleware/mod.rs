//! What happens around requests. Around every one, from the outside in: [`observe`], [`cors`], [`drain`],
//! [`address_guard`], [`head_as_get`]. Around those to contacts: [`limit_user`].
//!
//! A refusal is only noted where it happens and written by [`observe`]; what the ones between added to its
//! headers stays.

pub(crate) mod address_guard;
mod cors;
mod drain;
mod head_as_get;
mod limit_user;
mod observe;
mod security_headers;

pub(crate) use self::{cors::cors, drain::drain, head_as_get::head_as_get, limit_user::limit_user, observe::observe};
