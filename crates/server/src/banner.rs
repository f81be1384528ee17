//! What `serve` says when it is ready.

use std::{fmt::Write, net::SocketAddr};

use crate::{config::Row, demo::DemoUser};

/// Width of the labels. Tests and scripts look for the line that begins with `API`: its form stays.
const LABEL: usize = 8;

const BOLD: &str = "\u{1b}[1m";
const YELLOW: &str = "\u{1b}[33m";
const DIM: &str = "\u{1b}[2m";
const RESET: &str = "\u{1b}[0m";

pub(crate) struct Banner<'a> {
    pub(crate) public_url: &'a str,
    pub(crate) bound: SocketAddr,
    pub(crate) metrics_url: Option<&'a str>,
    pub(crate) database: &'a str,
    pub(crate) cache: &'a str,
    pub(crate) mail: &'a str,
    pub(crate) avatars: &'a str,
    pub(crate) require_verified_email: bool,
    pub(crate) demo: Option<&'a DemoUser>,
    pub(crate) rows: &'a [Row],
    pub(crate) warnings: &'a [String],
}

impl Banner<'_> {
    pub(crate) fn render(&self, colour: bool) -> String {
        let Self {
            public_url,
            bound,
            metrics_url,
            database,
            cache,
            mail,
            avatars,
            require_verified_email,
            demo,
            rows,
            warnings,
        } = self;
        let paint = |code: &str, text: &str| if colour { format!("{code}{text}{RESET}") } else { text.to_owned() };
        let mut text = paint(BOLD, concat!("Contacts ", env!("CARGO_PKG_VERSION")));
        text.push_str("\n\n");
        let mut line = |label: &str, value: &str| {
            let label = paint(BOLD, &format!("{label:LABEL$}"));
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{label} {value}");
        };
        line("API", &format!("{public_url}/api/v1"));
        line("Docs", &format!("{public_url}/docs"));
        line("Health", &format!("{public_url}/healthz"));
        line("Address", &bound.to_string());
        if let Some(url) = metrics_url {
            line("Metrics", url);
        }
        line("Database", database);
        line("Cache", cache);
        line("Mail", mail);
        line("Avatars", avatars);
        line(
            "E-mail",
            if *require_verified_email { "verification is required" } else { "verification is not required" },
        );
        if let Some(user) = demo {
            line("Demo", &format!("{} with the password {}; all is deleted at the end", user.email, user.password()));
            line("Login", &user.curl(public_url));
        }
        text.push('\n');
        for row in columns(rows) {
            text.push_str(&paint(DIM, &row));
            text.push('\n');
        }
        for warning in *warnings {
            let _ = writeln!(text, "\n{} {warning}", paint(YELLOW, "warning:"));
        }
        text.push('\n');
        text
    }
}

/// The rows as lines, their columns aligned.
pub(crate) fn columns(rows: &[Row]) -> Vec<String> {
    let width = |text: fn(&Row) -> &str| rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0);
    let (names, values) = (width(|row| row.name), width(|row| &row.value));
    rows.iter().map(|Row { name, value, origin }| format!("{name:names$}  {value:values$}  {origin}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Origin;

    fn render(colour: bool, demo: Option<&DemoUser>) -> String {
        let row = |name, value: &str, origin| Row { name, value: value.to_owned(), origin };
        let banner = Banner {
            public_url: "http://127.0.0.1:4711",
            bound: "127.0.0.1:4711".parse().unwrap(),
            metrics_url: Some("http://127.0.0.1:9100/metrics"),
            database: "SQLite, sqlite://./data/contacts.db",
            cache: "in this process",
            mail: "into files, ./data/mail",
            avatars: "on disk, ./data/media",
            require_verified_email: false,
            demo,
            rows: &[
                row("LOG_LEVEL", "info", Origin::Default),
                row("CONTACTS_REQUIRED_FIELDS", "", Origin::Environment),
                row("REDIS_URL", "redis://:***@cache", Origin::DotEnv),
            ],
            warnings: &["Beware.".to_owned()],
        };
        banner.render(colour)
    }

    #[test]
    fn scripts_find_the_address_of_the_api() {
        let text = render(false, None);
        let line = text.lines().find(|line| line.starts_with("API")).unwrap();
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words, ["API", "http://127.0.0.1:4711/api/v1"]);
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn everything_that_matters_is_said_in_columns() {
        let text = render(false, None);
        let version = concat!("Contacts ", env!("CARGO_PKG_VERSION"));
        assert_eq!(text.lines().next(), Some(version));
        for expected in [
            "\nMetrics  http://127.0.0.1:9100/metrics\n",
            "\nDocs     http://127.0.0.1:4711/docs\n",
            "\nDatabase SQLite, sqlite://./data/contacts.db\n",
            "\nCache    in this process\n",
            "\nMail     into files, ./data/mail\n",
            "\nAvatars  on disk, ./data/media\n",
            "\nE-mail   verification is not required\n",
            "\nLOG_LEVEL                 info                default\n",
            "\nCONTACTS_REQUIRED_FIELDS                      environment\n",
            "\nREDIS_URL                 redis://:***@cache  .env\n",
            "\nwarning: Beware.\n",
        ] {
            assert!(text.contains(expected), "{expected:?} is not in\n{text}");
        }
    }

    #[test]
    fn a_demo_says_how_to_log_in() {
        let text = render(false, Some(&DemoUser::with_password("sesame-open-sesame".into())));
        assert!(text.contains("\nDemo     demo@example.com with the password sesame-open-sesame"), "{text}");
        assert!(text.contains("\nLogin    curl "), "{text}");
    }

    #[test]
    fn a_terminal_gets_colour() {
        assert!(render(true, None).contains("\u{1b}[1mAPI"));
    }
}
