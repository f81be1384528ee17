use crate::config::setting::{DefaultValue::Text, Empty, Secrecy, Setting};

const SECTION: &str = "General";

pub(crate) static APP_ENV: Setting = Setting {
    name: "APP_ENV",
    section: SECTION,
    value_name: "ENVIRONMENT",
    default: Text("development"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "development or production. Production refuses defaults that are not safe or lose data, and says what to set.",
};

pub(crate) static DATA_DIR: Setting = Setting {
    name: "DATA_DIR",
    section: SECTION,
    value_name: "FOLDER",
    default: Text("./data"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The folder for the SQLite file, the key files, and mails and avatars that go nowhere else. \
           Replicas may share it.",
};
