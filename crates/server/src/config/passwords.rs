//! How passwords are hashed.

use secrecy::SecretString;

use super::{
    general::Environment,
    parse,
    reader::Reader,
    table::{BCRYPT_COST, PASSWORD_PEPPER, PASSWORD_PREVIOUS_PEPPERS},
};

/// Below this, hashes that are stolen are broken too fast.
const MIN_PRODUCTION_COST: u32 = 10;

#[derive(Clone, Debug)]
pub(crate) struct PasswordConfig {
    /// None = the key file in the data folder.
    pub(crate) pepper: Option<SecretString>,
    /// What they were mixed with before: hashes of these still verify.
    pub(crate) previous_peppers: Vec<SecretString>,
    pub(crate) cost: u32,
}

impl PasswordConfig {
    pub(crate) fn read(reader: &mut Reader<'_>, environment: Environment) -> Option<Self> {
        let pepper = reader.read_optional(&PASSWORD_PEPPER, parse::secret);
        let none = PASSWORD_PREVIOUS_PEPPERS.default.words();
        let previous_peppers = reader.read_or(&PASSWORD_PREVIOUS_PEPPERS, vec![], none, parse::secrets);
        let cost = reader.read(&BCRYPT_COST, |text| parse::number(text, 4..=15));

        if environment.is_production() && !reader.is_given(&PASSWORD_PEPPER) {
            reader.fault(
                "PASSWORD_PEPPER must be set in production, to the same 32 bytes or more on all replicas: \
                 `openssl rand -base64 48` makes one. Never lose it: no password can be checked without.",
            );
        }
        if environment.is_production() && cost.is_some_and(|cost| cost < MIN_PRODUCTION_COST) {
            reader.fault(format!("BCRYPT_COST must be at least {MIN_PRODUCTION_COST} in production."));
        }
        Some(Self { pepper: pepper?, previous_peppers: previous_peppers?, cost: cost? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment as variables;

    fn faults(given: &[(&str, &str)], environment: Environment) -> Vec<String> {
        let layers = variables(given);
        let mut reader = Reader::new(&layers);
        PasswordConfig::read(&mut reader, environment);
        reader.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn production_needs_a_pepper() {
        let found = faults(&[], Environment::Production);
        assert!(found[0].starts_with("PASSWORD_PEPPER must be set in production"), "{}", found[0]);
        assert!(faults(&[("PASSWORD_PEPPER", &"x".repeat(32))], Environment::Production).is_empty());
        assert!(faults(&[], Environment::Development).is_empty());
    }

    #[test]
    fn previous_peppers_are_a_list_of_long_ones() {
        let list = format!("{},{}", "x".repeat(32), "y".repeat(32));
        let layers = variables(&[("PASSWORD_PREVIOUS_PEPPERS", &list)]);
        let config = PasswordConfig::read(&mut Reader::new(&layers), Environment::Development).unwrap();
        assert_eq!(config.previous_peppers.len(), 2);
        let found = faults(&[("PASSWORD_PREVIOUS_PEPPERS", "canary,canary")], Environment::Development);
        assert!(found[0].starts_with("PASSWORD_PREVIOUS_PEPPERS must be texts of at least 32 bytes"), "{}", found[0]);
        assert!(!found[0].contains("canary"), "{}", found[0]);
    }

    #[test]
    fn a_pepper_with_a_comma_is_refused_and_not_shown() {
        let found = faults(&[("PASSWORD_PEPPER", &format!("{},canary", "x".repeat(32)))], Environment::Development);
        assert!(found[0].starts_with("PASSWORD_PEPPER must hold no comma"), "{found:?}");
        assert!(!found.concat().contains("canary"), "{found:?}");
    }

    #[test]
    fn production_refuses_a_cheap_hash() {
        let given = |cost| [("PASSWORD_PEPPER", "a pepper of more than thirty-two bytes"), ("BCRYPT_COST", cost)];
        assert_eq!(faults(&given("9"), Environment::Production), ["BCRYPT_COST must be at least 10 in production."]);
        assert!(faults(&given("10"), Environment::Production).is_empty());
        assert!(faults(&given("4"), Environment::Development).is_empty());
    }

    #[test]
    fn the_cost_lies_between_4_and_15() {
        for cost in ["3", "16", "high"] {
            let found = faults(&[("BCRYPT_COST", cost)], Environment::Development);
            assert_eq!(
                found,
                [format!("BCRYPT_COST must be a whole number from 4 to 15; it is {cost:?} (environment).")]
            );
        }
    }
}
