use crate::config::setting::{DefaultValue::Text, Empty, Secrecy, Setting};

const SECTION: &str = "Limits";

pub(crate) static RATE_LIMIT_ENABLED: Setting = Setting {
    name: "RATE_LIMIT_ENABLED",
    section: SECTION,
    value_name: "BOOL",
    default: Text("true"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Whether requests are limited at all. CONTACT_CREATE_LIMIT holds in any case.",
};

pub(crate) static RATE_LIMIT_CONTACTS: Setting = Setting {
    name: "RATE_LIMIT_CONTACTS",
    section: SECTION,
    value_name: "RATE",
    default: Text("600/min"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How often a user may ask for contacts, at most 100 times at once: a number and s, min, h or day.",
};

pub(crate) static RATE_LIMIT_AUTH: Setting = Setting {
    name: "RATE_LIMIT_AUTH",
    section: SECTION,
    value_name: "RATE",
    default: Text("20/min"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How often one client address may register, log in, refresh, reset, and do whatever else takes a password or \
           a mailed link: all that together. One session is refreshed no more often either.",
};

pub(crate) static RATE_LIMIT_LOGIN: Setting = Setting {
    name: "RATE_LIMIT_LOGIN",
    section: SECTION,
    value_name: "RATE",
    default: Text("5/min"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How often a login to one account may be tried from one client address.",
};

pub(crate) static RATE_LIMIT_ADDRESS: Setting = Setting {
    name: "RATE_LIMIT_ADDRESS",
    section: SECTION,
    value_name: "RATE",
    default: Text("3000/min"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How often contacts may be asked for from one client address, whoever asks. Each process counts for \
           itself.",
};

pub(crate) static TRUSTED_PROXIES: Setting = Setting {
    name: "TRUSTED_PROXIES",
    section: SECTION,
    value_name: "NUMBER",
    default: Text("0"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How many proxies stand in front of the service, 0 to 16. That many entries at the end of X-Forwarded-For \
           are believed; with 0 a client is the address that connects.",
};
