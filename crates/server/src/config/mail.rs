//! Who sends mails, in whose name, and who must show that they read them.

use secrecy::SecretString;

use super::{
    general::Environment,
    parse,
    reader::Reader,
    table::{MAIL_FROM, PUBLIC_URL, REQUIRE_VERIFIED_EMAIL, SMTP_URL},
};

#[derive(Clone, Debug)]
pub(crate) struct MailConfig {
    /// None = mails become files in the data folder.
    pub(crate) smtp_url: Option<SecretString>,
    /// An address, or a name and an address in angle brackets: one line.
    pub(crate) from: String,
    pub(crate) require_verified_email: bool,
}

impl MailConfig {
    pub(crate) fn read(reader: &mut Reader<'_>, environment: Environment) -> Option<Self> {
        let smtp_url = reader.read_optional(&SMTP_URL, |text| {
            let must_be = "must be smtp:// or smtps:// with a host, such as \
                           smtp://user:password@mail.example.com:587?tls=required";
            parse::secret_url(text, &["smtp", "smtps"], must_be)
        });
        let from = reader.read(&MAIL_FROM, sender);
        let sends = reader.is_given(&SMTP_URL);
        let required = sends || environment.is_production();
        let require_verified_email =
            reader.read_or(&REQUIRE_VERIFIED_EMAIL, required, required.to_string(), parse::boolean);

        if environment.is_production() && sends && !reader.is_given(&MAIL_FROM) {
            reader.fault(
                "MAIL_FROM must be set in production where SMTP_URL is: nobody can answer to the default, and many \
                 servers refuse it.",
            );
        }
        if environment.is_production() && sends && !reader.is_given(&PUBLIC_URL) {
            reader.warn(
                "PUBLIC_URL is not set: the links in mails lead to the address that is bound, where nobody outside \
                 finds the service.",
            );
        }
        if environment.is_production() && !sends {
            reader.warn(
                "SMTP_URL is not set: no mail is sent, each only becomes a file in the folder mail of DATA_DIR, and \
                 nobody can verify an address or reset a password.",
            );
        }
        Some(Self { smtp_url: smtp_url?, from: from?, require_verified_email: require_verified_email? })
    }
}

/// The shape alone: a part before and one after the @, no more than one line.
fn sender(text: &str) -> Result<String, String> {
    let text = text.trim();
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>'),
        None => Some(text),
    };
    let is_address = |address: &str| {
        let (local, domain) = address.rsplit_once('@').unwrap_or_default();
        !local.is_empty() && !domain.is_empty() && !address.contains(|c: char| c.is_whitespace() || "<>,;".contains(c))
    };
    // A line break would begin another header of the mail.
    (address.is_some_and(is_address) && !text.contains(char::is_control))
        .then(|| text.to_owned())
        .ok_or_else(|| "must be an address, such as contacts@example.com or Contacts <contacts@example.com>".to_owned())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::config::layers::tests::environment as variables;

    const SERVER: (&str, &str) = ("SMTP_URL", "smtp://ada:canary@mail.example.com:587?tls=required");
    const FROM: (&str, &str) = ("MAIL_FROM", "contacts@example.com");

    fn read(given: &[(&str, &str)], environment: Environment) -> (Option<MailConfig>, Vec<String>, Vec<String>) {
        let layers = variables(given);
        let mut reader = Reader::new(&layers);
        let config = MailConfig::read(&mut reader, environment);
        (config, reader.faults.iter().map(ToString::to_string).collect(), reader.warnings)
    }

    #[test]
    fn without_any_setting_mails_become_files() {
        let (config, faults, warnings) = read(&[], Environment::Development);
        let config = config.unwrap();
        assert!(config.smtp_url.is_none());
        assert_eq!(config.from, "Contacts <no-reply@localhost>");
        assert!(faults.is_empty() && warnings.is_empty());
    }

    #[test]
    fn addresses_are_verified_where_mails_arrive_or_it_matters() {
        let required = |given: &[_], environment| read(given, environment).0.unwrap().require_verified_email;
        assert!(!required(&[], Environment::Development));
        assert!(required(&[SERVER], Environment::Development));
        assert!(required(&[], Environment::Production));
        let (yes, no) = (("REQUIRE_VERIFIED_EMAIL", "true"), ("REQUIRE_VERIFIED_EMAIL", "false"));
        assert!(required(&[yes], Environment::Development));
        assert!(!required(&[no, SERVER, FROM], Environment::Production));
    }

    #[test]
    fn production_says_whom_mails_come_from() {
        let faults = read(&[SERVER], Environment::Production).1;
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("MAIL_FROM must be set in production"), "{}", faults[0]);
        assert!(read(&[SERVER, FROM], Environment::Production).1.is_empty());
        assert!(read(&[SERVER], Environment::Development).1.is_empty());
    }

    #[test]
    fn production_starts_without_a_server_and_says_what_that_means() {
        let (config, faults, warnings) = read(&[], Environment::Production);
        assert!(config.is_some() && faults.is_empty());
        assert!(warnings.len() == 1 && warnings[0].starts_with("SMTP_URL is not set"), "{warnings:?}");
        let url = ("PUBLIC_URL", "https://contacts.example.com");
        assert!(read(&[SERVER, FROM, url], Environment::Production).2.is_empty());
        let warnings = read(&[SERVER, FROM], Environment::Production).2;
        assert!(warnings.len() == 1 && warnings[0].starts_with("PUBLIC_URL is not set"), "{warnings:?}");
    }

    #[test]
    fn a_server_has_a_scheme_and_a_host() {
        let config = read(&[SERVER], Environment::Development).0.unwrap();
        assert_eq!(config.smtp_url.unwrap().expose_secret(), SERVER.1);
        for text in ["mail.example.com", "http://canary@mail", "smtp:canary", "smtp://"] {
            let (config, faults, _) = read(&[("SMTP_URL", text)], Environment::Development);
            assert!(config.is_none() && faults.len() == 1, "{text}");
            assert!(faults[0].starts_with("SMTP_URL must be smtp://") && !faults[0].contains("canary"), "{faults:?}");
        }
    }

    #[test]
    fn a_sender_is_an_address_on_one_line() {
        for text in ["a@b", "Contacts <no-reply@localhost>", "<a@b.example>", "Ada Lovelace <ada@example.com>"] {
            assert_eq!(sender(&format!(" {text} ")), Ok(text.to_owned()));
        }
        for text in [
            "Contacts",
            "@",
            "a@",
            "@b",
            "Contacts a@b",
            "Contacts <a@b",
            "Contacts <>",
            "<a@b> Contacts",
            "a@b, c@d",
            "a@b\r\nBcc: c@d",
            "Contacts\n <a@b>",
        ] {
            assert!(sender(text).is_err(), "{text}");
        }
    }
}
