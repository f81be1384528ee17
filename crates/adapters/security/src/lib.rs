//! Password hashes, signed tokens, key files, random ids and the system clock.
//!
//! Everything secret, random or dependent on the time of day enters the system here, and nowhere
//! else: `clippy.toml` bans the clock and the generators of random numbers in every other crate.

mod bcrypt_hasher;
mod jwt_codec;
pub mod secrets;
mod system_clock;
mod uuid_generator;

pub use self::{
    bcrypt_hasher::{BcryptHasher, InvalidCost},
    jwt_codec::JwtCodec,
    system_clock::SystemClock,
    uuid_generator::UuidV7Generator,
};
