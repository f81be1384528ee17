//! Services of others, as far as our adapters speak to them.

pub mod cloudinary;
pub mod smtp;
