//! Makes pictures that are safe to show of whatever is uploaded.
//!
//! | port | adapter |
//! |---|---|
//! | `AvatarPipeline` | [`ImagePipeline`]: the codecs of the crate `image`, on threads of their own |
//!
//! An upload is decoded to pixels, and the pixels are encoded anew: metadata, colour profiles, further
//! frames, and whatever else a file may hide do not come along. What a file claims is checked before it
//! is believed, for decoders trust their input more than a service may.

mod claims;
mod picture;
mod pipeline;
mod transparency;

pub use pipeline::ImagePipeline;
