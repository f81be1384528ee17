//! What of a value may be shown.

use super::setting::Secrecy;

/// Stands where a secret was.
pub(crate) const HIDDEN: &str = "***";

/// The value as it may be shown to anybody.
pub(crate) fn redact(secrecy: Secrecy, value: &str) -> String {
    match secrecy {
        Secrecy::Public => value.to_owned(),
        Secrecy::Url => url(value),
        Secrecy::Secret => HIDDEN.to_owned(),
    }
}

/// The URL without its password.
fn url(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return HIDDEN.to_owned() };
    if rest.split_once('?').is_some_and(|(_, query)| query.contains('@')) {
        // Where the credentials end is anybody's guess.
        return format!("{scheme}://{HIDDEN}");
    }
    // The last @ ends the credentials even where a password holds a character that should have been
    // escaped: rather too much is hidden than too little.
    let rest = match rest.rsplit_once('@') {
        Some((credentials, place)) => match credentials.split_once(':') {
            Some((user, _)) => format!("{user}:{HIDDEN}@{place}"),
            None => format!("{credentials}@{place}"),
        },
        None => rest.to_owned(),
    };
    let Some((base, query)) = rest.split_once('?') else { return format!("{scheme}://{rest}") };
    let query: Vec<_> = query.split('&').map(parameter).collect();
    format!("{scheme}://{base}?{}", query.join("&"))
}

/// PostgreSQL takes the password as a parameter, too.
fn parameter(text: &str) -> String {
    match text.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}={HIDDEN}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_of_a_url_is_hidden() {
        for (text, shown) in [
            (
                "postgres://ada:pa55@db:5432/contacts?sslmode=require",
                "postgres://ada:***@db:5432/contacts?sslmode=require",
            ),
            ("postgres://ada:p/55@5:5@db/contacts", "postgres://ada:***@db/contacts"),
            ("postgres://ada:pa?5@db/contacts", "postgres://***"),
            ("postgres://db:5432/contacts?password=pa@55", "postgres://***"),
            (
                "postgres://ada@db/contacts?password=pa55&sslmode=prefer",
                "postgres://ada@db/contacts?password=***&sslmode=prefer",
            ),
            ("redis://:pa55@cache:6379/0", "redis://:***@cache:6379/0"),
            ("redis://cache:6379", "redis://cache:6379"),
            ("sqlite://./data/contacts.db", "sqlite://./data/contacts.db"),
            ("ada:pa55@db", "***"),
        ] {
            assert_eq!(redact(Secrecy::Url, text), shown);
        }
    }

    #[test]
    fn a_secret_is_hidden_whole() {
        assert_eq!(redact(Secrecy::Secret, "canary"), "***");
        assert_eq!(redact(Secrecy::Public, "info"), "info");
    }
}
