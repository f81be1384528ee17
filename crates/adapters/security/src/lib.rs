//! Password hashes, signed tokens, tokens of mailed links, key files, random ids and the system clock.
//!
//! Everything secret, random or dependent on the time of day enters the system here, and nowhere
//! else: `clippy.toml` bans the clock and the generators of random numbers in every other crate.
//!
//! Keys can be changed without ending a session: the current one makes, the previous ones still
//! verify, until nothing that they made is alive any more.
//!
//! A login of somebody unknown costs as much as a hash of the present cost (`BCRYPT_COST`), so that its time does not
//! tell who has an account. A hash that was made at an older cost takes its own time until its owner logs in the
//! next time, which makes it anew: until then that account can be told from none by somebody who measures.

mod bcrypt_hasher;
mod hashing_threads;
mod jwt_codec;
mod jwt_payload;
mod key_name;
mod link_codec;
mod pepper;
pub mod secrets;
mod system_clock;
mod uuid_generator;
mod verified_tokens;

pub use self::{
    bcrypt_hasher::{BcryptError, BcryptHasher},
    jwt_codec::JwtCodec,
    link_codec::LinkCodec,
    system_clock::SystemClock,
    uuid_generator::UuidV7Generator,
};
