//! Avatars on disk: the embedded default.
