use crate::config::setting::{
    DefaultValue::{Computed, Text},
    Empty, Secrecy, Setting,
};

const SECTION: &str = "Tokens and passwords";

pub(crate) static PASSWORD_PEPPER: Setting = Setting {
    name: "PASSWORD_PEPPER",
    section: SECTION,
    value_name: "TEXT",
    default: Computed { words: "made on first start, kept in <DATA_DIR>/keys/password_pepper", example: "" },
    secrecy: Secrecy::Secret,
    empty: Empty::Unset,
    help: "What passwords are mixed with before they are hashed, at least 32 bytes, without a comma, the same for all \
           replicas. Required in production. Without it no password that is stored can be checked: keep it as safe as the database.",
};

pub(crate) static PASSWORD_PREVIOUS_PEPPERS: Setting = Setting {
    name: "PASSWORD_PREVIOUS_PEPPERS",
    section: SECTION,
    value_name: "TEXTS",
    default: Computed { words: "none", example: "" },
    secrecy: Secrecy::Secret,
    empty: Empty::Unset,
    help: "Former values of PASSWORD_PEPPER, separated by commas: a secret with a comma cannot be listed. Passwords \
           hashed with one of them are still right, and are hashed anew when their user logs in.",
};

pub(crate) static BCRYPT_COST: Setting = Setting {
    name: "BCRYPT_COST",
    section: SECTION,
    value_name: "NUMBER",
    default: Text("12"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The work of hashing a password, 4 to 15; one more doubles it. Production refuses less than 10.",
};
