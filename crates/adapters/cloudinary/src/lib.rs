//! Avatars in Cloudinary.
