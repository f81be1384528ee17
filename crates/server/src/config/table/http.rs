use crate::config::setting::{
    DefaultValue::{Computed, Text},
    Empty, Secrecy, Setting,
};

const SECTION: &str = "HTTP";

pub(crate) static BIND_ADDRESS: Setting = Setting {
    name: "BIND_ADDRESS",
    section: SECTION,
    value_name: "IP:PORT",
    default: Text("127.0.0.1:8000"),
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Where the service listens. Port 0 takes any free port; the banner shows which.",
};

pub(crate) static METRICS_ADDRESS: Setting = Setting {
    name: "METRICS_ADDRESS",
    section: SECTION,
    value_name: "IP:PORT",
    default: Computed { words: "none, metrics are off", example: "127.0.0.1:9100" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "Where /metrics is served, for Prometheus, and nothing else. A port alone is one of 127.0.0.1.",
};

pub(crate) static PUBLIC_URL: Setting = Setting {
    name: "PUBLIC_URL",
    section: SECTION,
    value_name: "URL",
    default: Computed { words: "from the address that is bound", example: "https://contacts.example.com" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The URL under which clients reach the service, for links in mails, answers and documentation.",
};

pub(crate) static SHUTDOWN_DRAIN: Setting = Setting {
    name: "SHUTDOWN_DRAIN",
    section: SECTION,
    value_name: "DURATION",
    default: Computed { words: "5s in production, else 0s", example: "5s" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "How long /readyz says that the service is going before it takes no more connections, 0s to 10m: so long a \
           load balancer needs to notice.",
};

pub(crate) static CORS_ALLOWED_ORIGINS: Setting = Setting {
    name: "CORS_ALLOWED_ORIGINS",
    section: SECTION,
    value_name: "ORIGINS",
    default: Computed { words: "none", example: "https://app.example.com,http://localhost:5173" },
    secrecy: Secrecy::Public,
    empty: Empty::Unset,
    help: "The origins whose pages may use the service from a browser, separated by commas: scheme, host and port, \
           exactly.",
};
