use crate::config::setting::{DefaultValue::Computed, Empty, Secrecy, Setting};

const SECTION: &str = "Avatars";

pub(crate) static CLOUDINARY_URL: Setting = Setting {
    name: "CLOUDINARY_URL",
    section: SECTION,
    value_name: "URL",
    default: Computed {
        words: "none, avatars are files in <DATA_DIR>/media",
        example: "cloudinary://key:secret@cloud",
    },
    secrecy: Secrecy::Url,
    empty: Empty::Unset,
    help: "The Cloudinary account that keeps avatars: cloudinary://key:secret@cloud.",
};
