use crate::config::setting::{
    DefaultValue::{Computed, Text},
    Empty, Secrecy, Setting,
};

const SECTION: &str = "Mail";

pub(crate) static SMTP_URL: Setting = Setting {
    name: "SMTP_URL",
    section: SECTION,
    value_name: "URL",
    default: Computed {
        words: "none, mails become files in <DATA_DIR>/mail",
        example: "smtp://user:password@mail.example.com:587?tls=required",
    },
    secrecy: Secrecy::Url,
    empty: Empty::Unset,
    help: "The server that sends mails: smtp:// or smtps://.",
};

pub(crate) static MAIL_FROM: Setting = Setting {
    name: "MAIL_FROM",
    section: SECTION,
    value_name: "ADDRESS",
    default: Text("Contacts <no-reply@localhost>"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Whom mails come from. Production needs it where SMTP_URL is set.",
};

pub(crate) static REQUIRE_VERIFIED_EMAIL: Setting = Setting {
    name: "REQUIRE_VERIFIED_EMAIL",
    section: SECTION,
    value_name: "BOOL",
    default: Computed { words: "true with SMTP_URL or in production, else false", example: "true" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Whether users must show that they read their mail before they can log in.",
};
