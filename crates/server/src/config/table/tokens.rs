use crate::config::setting::{
    DefaultValue::{Computed, Text},
    Empty, Secrecy, Setting,
};

const SECTION: &str = "Tokens and passwords";

pub(crate) static JWT_SECRET: Setting = Setting {
    name: "JWT_SECRET",
    section: SECTION,
    value_name: "TEXT",
    default: Computed { words: "made on first start, kept in <DATA_DIR>/keys/jwt_secret", example: "" },
    secrecy: Secrecy::Secret,
    empty: Empty::Unset,
    help: "What tokens are signed with, at least 32 bytes, without a comma, the same for all replicas. Required in \
           production; `openssl rand -base64 48` makes one.",
};

pub(crate) static JWT_PREVIOUS_SECRETS: Setting = Setting {
    name: "JWT_PREVIOUS_SECRETS",
    section: SECTION,
    value_name: "TEXTS",
    default: Computed { words: "none", example: "" },
    secrecy: Secrecy::Secret,
    empty: Empty::Unset,
    help: "Former values of JWT_SECRET, separated by commas: a secret with a comma cannot be listed. What was \
           signed with one of them is still believed; nothing new is signed with it. After a change, keep the former one here for as long as REFRESH_TOKEN_TTL, \
           and for a day at least: links in mails depend on it, too.",
};

pub(crate) static ACCESS_TOKEN_TTL: Setting = Setting {
    name: "ACCESS_TOKEN_TTL",
    section: SECTION,
    value_name: "DURATION",
    default: Text("15m"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How long an access token is valid: 90s, 15m, 1h, 30d, or a bare number of seconds.",
};

pub(crate) static REFRESH_TOKEN_TTL: Setting = Setting {
    name: "REFRESH_TOKEN_TTL",
    section: SECTION,
    value_name: "DURATION",
    default: Text("30d"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How long a refresh token is valid, not shorter than an access token.",
};

pub(crate) static SESSION_MAX_TTL: Setting = Setting {
    name: "SESSION_MAX_TTL",
    section: SECTION,
    value_name: "DURATION",
    default: Text("90d"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How long a session lasts, however often it is refreshed; not shorter than a refresh token is valid.",
};
