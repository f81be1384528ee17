//! Avatars in Cloudinary.
//!
//! | port | adapter |
//! |---|---|
//! | `AvatarStore` | [`CloudinaryStore`]: the account that a [`CloudinaryUrl`] names |
//!
//! The client finds a proxy in `HTTPS_PROXY`, and authorities to trust instead of those of the system in
//! `SSL_CERT_FILE`, as most programs do.

mod failure;
mod store;
mod url;

pub use store::CloudinaryStore;
pub use url::{CloudinaryUrl, InvalidCloudinaryUrl};
