use crate::config::setting::{
    DefaultValue::{Computed, Text},
    Empty, Secrecy, Setting,
};

const SECTION: &str = "Log";

pub(crate) static LOG_FORMAT: Setting = Setting {
    name: "LOG_FORMAT",
    section: SECTION,
    value_name: "FORMAT",
    default: Computed { words: "pretty on a terminal, else json", example: "pretty" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "pretty, for people, or json, one object a line. The log goes to the standard error.",
};

pub(crate) static LOG_LEVEL: Setting = Setting {
    name: "LOG_LEVEL",
    section: SECTION,
    value_name: "LEVEL",
    default: Text("info"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "off, error, warn, info, debug or trace; also by module, as in info,contacts_http=debug.",
};
