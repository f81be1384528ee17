use crate::config::setting::{DefaultValue::Text, Empty, Secrecy, Setting};

const SECTION: &str = "Contacts";

pub(crate) static CONTACTS_REQUIRED_FIELDS: Setting = Setting {
    name: "CONTACTS_REQUIRED_FIELDS",
    section: SECTION,
    value_name: "FIELDS",
    default: Text("first_name,last_name,email,phone,birthday"),
    secrecy: Secrecy::Public,
    empty: Empty::Value,
    help: "Which fields a contact must have, some of the five of the default. Empty means none.",
};

pub(crate) static CONTACT_CREATE_LIMIT: Setting = Setting {
    name: "CONTACT_CREATE_LIMIT",
    section: SECTION,
    value_name: "NUMBER",
    default: Text("10000"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How many contacts a user may create within CONTACT_CREATE_WINDOW, 1 to 1000000, however many are deleted \
           meanwhile.",
};

pub(crate) static CONTACT_CREATE_WINDOW: Setting = Setting {
    name: "CONTACT_CREATE_WINDOW",
    section: SECTION,
    value_name: "DURATION",
    default: Text("1h"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The length of the sliding window of CONTACT_CREATE_LIMIT, 1s to 366d.",
};
