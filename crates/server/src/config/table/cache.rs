use crate::config::setting::{DefaultValue::Computed, Empty, Secrecy, Setting};

const SECTION: &str = "Cache";

pub(crate) static REDIS_URL: Setting = Setting {
    name: "REDIS_URL",
    section: SECTION,
    value_name: "URL",
    default: Computed {
        words: "none, each process remembers and counts for itself",
        example: "redis://127.0.0.1:6379",
    },
    secrecy: Secrecy::Url,
    empty: Empty::Unset,
    help: "A Redis in which all replicas share their cache of users and count requests together: \
           redis:// or rediss:// (with TLS).",
};
