//! `serve --demo`: something to look at, which leaves nothing behind.

use std::net::Ipv4Addr;

use contacts_application::Application;
use contacts_domain::{
    caller::{Caller, ClientAddress},
    contact_draft::ContactDraft,
    user::Registration,
};
use contacts_security::secrets;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tempfile::TempDir;

use crate::{
    config::{
        Layers,
        table::{
            APP_ENV, AUTO_MIGRATE, BCRYPT_COST, CLOUDINARY_URL, CONTACT_CREATE_LIMIT, DATA_DIR, DATABASE_URL,
            REDIS_URL, REQUIRE_VERIFIED_EMAIL, SMTP_URL,
        },
    },
    failure::Failure,
};

const EMAIL: &str = "demo@example.com";
const PEOPLE: &str = include_str!("../fixtures/people.json");
/// Of 64 hexadecimal digits: 80 bits.
const PASSWORD_LENGTH: usize = 20;
/// A password that protects nothing may be checked fast.
const COST: &str = "10";

/// Makes the folder of a demo, and lets the settings point to it. It is deleted when it is dropped.
pub(crate) fn prepare(layers: &mut Layers) -> Result<TempDir, Failure> {
    let folder = tempfile::Builder::new()
        .prefix("contacts-demo-")
        .tempdir()
        .map_err(|error| Failure::because("Cannot make a temporary folder for the demo", &error))?;
    let path =
        folder.path().to_str().ok_or_else(|| Failure::new("The temporary folder has a name that is no text."))?;
    layers.set_demo(&APP_ENV, Some("development".to_owned()));
    layers.set_demo(&DATA_DIR, Some(path.to_owned()));
    // What others work with is left alone, whatever the environment or a .env says.
    let elsewhere = [&DATABASE_URL, &REDIS_URL, &AUTO_MIGRATE, &SMTP_URL, &CLOUDINARY_URL];
    // Nobody reads the mail of a demo, and its people are more than a small quota allows.
    let in_the_way = [&REQUIRE_VERIFIED_EMAIL, &CONTACT_CREATE_LIMIT];
    for setting in elsewhere.into_iter().chain(in_the_way) {
        layers.set_demo(setting, None);
    }
    if layers.given(&BCRYPT_COST).is_none() {
        layers.set_demo(&BCRYPT_COST, Some(COST.to_owned()));
    }
    Ok(folder)
}

/// Whom to log in as.
pub(crate) struct DemoUser {
    pub(crate) email: &'static str,
    password: SecretString,
}

impl DemoUser {
    /// With a password that nobody knows yet.
    pub(crate) fn invent() -> Result<Self, Failure> {
        let password = secrets::random_secret()
            .map_err(|error| Failure::because("Cannot invent a password for the demo", &error))?;
        // Long enough to be safe, and short enough to be typed.
        let short: String = password.expose_secret().chars().take(PASSWORD_LENGTH).collect();
        Ok(Self::with_password(short.into()))
    }

    pub(crate) const fn with_password(password: SecretString) -> Self {
        Self { email: EMAIL, password }
    }

    pub(crate) fn password(&self) -> &str {
        self.password.expose_secret()
    }

    /// A command to paste into a shell.
    pub(crate) fn curl(&self, public_url: &str) -> String {
        let (email, password) = (self.email, self.password());
        let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
        format!("curl -s {public_url}/api/v1/auth/login -H 'Content-Type: application/json' -d '{body}'")
    }
}

/// Registers the user and creates their contacts, as a client would.
pub(crate) async fn fill(application: &Application, user: &DemoUser) -> Result<(), Failure> {
    let failed = |error| Failure::because("Cannot fill the demo", &error);
    let registration = Registration {
        email: Some(user.email.to_owned()),
        password: Some(user.password().to_owned()),
        name: Some("Demo".to_owned()),
        ..Registration::default()
    };
    // As if from this machine.
    let caller = Caller { address: ClientAddress::new(Ipv4Addr::LOCALHOST.into()), user_agent: None };
    let owner = application.accounts.register.execute(registration, caller).await.map_err(failed)?;
    for draft in people()? {
        application.contacts.create.execute(&owner, draft, None).await.map_err(failed)?;
    }
    Ok(())
}

/// The people of the fixture.
fn people() -> Result<Vec<ContactDraft>, Failure> {
    let people: Vec<Person> =
        serde_json::from_str(PEOPLE).map_err(|error| Failure::because("Cannot read the people of the demo", &error))?;
    Ok(people.into_iter().map(Person::into_draft).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    birthday: Option<String>,
    additional_data: Option<String>,
}

impl Person {
    fn into_draft(self) -> ContactDraft {
        let Self { first_name, last_name, email, phone, birthday, additional_data } = self;
        ContactDraft { first_name, last_name, email, phone, birthday, additional_data, ..ContactDraft::default() }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::{contact_draft::Circumstances, required_fields::RequiredFields};

    use super::*;
    use crate::config::{Config, Terminals};

    #[test]
    fn the_fixture_has_80_valid_people() {
        let required = RequiredFields::default();
        let today = "2026-11-22".parse().unwrap();
        let people = people().unwrap();
        assert_eq!(people.len(), 80);
        for person in people {
            let (name, circumstances) =
                (person.last_name.clone(), Circumstances { today, phone_region: None, required: &required });
            assert!(person.validate(circumstances).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_demo_touches_nothing_that_is_configured() {
        let dotenv: &[u8] = b"APP_ENV=production\nDATABASE_URL=postgres://ada@db/contacts\nREDIS_URL=redis://cache\n\
                              DATA_DIR=/srv\nAUTO_MIGRATE=false\n";
        let mut layers = Layers::new([], Some(dotenv));
        let folder = prepare(&mut layers).unwrap();
        let config = Config::load(&layers, Terminals::default()).config.unwrap();
        assert_eq!(config.general.data_dir, folder.path());
        assert_eq!(config.database.url.redacted(), format!("sqlite://{}/contacts.db", folder.path().display()));
        assert!(config.cache.redis_url.is_none());
        assert!(config.database.auto_migrate);
        assert_eq!(config.passwords.cost, 10);
    }

    #[test]
    fn a_cost_that_is_set_stays() {
        let mut layers = Layers::new([("BCRYPT_COST".into(), "4".into())], None);
        let _folder = prepare(&mut layers).unwrap();
        assert_eq!(Config::load(&layers, Terminals::default()).config.unwrap().passwords.cost, 4);
    }

    #[test]
    fn the_command_to_log_in_can_be_pasted() {
        let command = DemoUser::with_password("s3same".into()).curl("http://localhost:8000");
        assert_eq!(
            command,
            "curl -s http://localhost:8000/api/v1/auth/login -H 'Content-Type: application/json' \
             -d '{\"email\":\"demo@example.com\",\"password\":\"s3same\"}'"
        );
    }
}
