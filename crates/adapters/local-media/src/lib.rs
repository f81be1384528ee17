//! Avatars on disk: the embedded default.
//!
//! | port | adapter |
//! |---|---|
//! | `AvatarStore`, `MediaReader` | [`LocalMedia`]: a folder, which this service serves itself |
//!
//! Several replicas want a folder that they share, or another store.

mod files;
mod media;
mod name;

pub use media::LocalMedia;
