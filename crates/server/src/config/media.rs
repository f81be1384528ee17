//! Who keeps avatars.

use secrecy::SecretString;

use super::{general::Environment, parse, reader::Reader, table::CLOUDINARY_URL};

#[derive(Clone, Debug)]
pub(crate) struct MediaConfig {
    /// None = files in the data folder.
    pub(crate) cloudinary_url: Option<SecretString>,
}

impl MediaConfig {
    /// `may_have_replicas`: whether the database is one that several processes can share.
    pub(crate) fn read(reader: &mut Reader<'_>, environment: Environment, may_have_replicas: bool) -> Option<Self> {
        let cloudinary_url = reader.read_optional(&CLOUDINARY_URL, |text| {
            let must_be = "must be cloudinary:// with a key, a secret and the name of a cloud, such as \
                           cloudinary://key:secret@cloud";
            parse::secret_url(text, &["cloudinary"], must_be)
        });
        if environment.is_production() && may_have_replicas && !reader.is_given(&CLOUDINARY_URL) {
            reader.warn(
                "CLOUDINARY_URL is not set: avatars lie on the disk of the replica that took them, where the others \
                 do not find them unless they share DATA_DIR.",
            );
        }
        Some(Self { cloudinary_url: cloudinary_url? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::tests::environment as variables;

    fn read(given: &[(&str, &str)], environment: Environment, replicas: bool) -> (Option<MediaConfig>, Vec<String>) {
        let layers = variables(given);
        let mut reader = Reader::new(&layers);
        let config = MediaConfig::read(&mut reader, environment, replicas);
        assert_eq!(config.is_some(), reader.faults.is_empty());
        assert!(!format!("{:?}", reader.faults).contains("canary"));
        (config, reader.warnings)
    }

    #[test]
    fn avatars_are_files_unless_there_is_an_account() {
        assert!(read(&[], Environment::Development, true).0.unwrap().cloudinary_url.is_none());
        let account = [("CLOUDINARY_URL", "cloudinary://key:canary@cloud")];
        assert!(read(&account, Environment::Development, true).0.unwrap().cloudinary_url.is_some());
        for text in ["https://key:canary@cloud", "cloudinary:key:canary@cloud", "cloudinary://", "cloud"] {
            assert!(read(&[("CLOUDINARY_URL", text)], Environment::Development, true).0.is_none(), "{text}");
        }
    }

    #[test]
    fn production_says_that_replicas_do_not_share_their_disks() {
        let warnings = read(&[], Environment::Production, true).1;
        assert!(warnings.len() == 1 && warnings[0].starts_with("CLOUDINARY_URL is not set"), "{warnings:?}");
        assert!(read(&[], Environment::Production, false).1.is_empty());
        assert!(read(&[], Environment::Development, true).1.is_empty());
        let account = [("CLOUDINARY_URL", "cloudinary://key:canary@cloud")];
        assert!(read(&account, Environment::Production, true).1.is_empty());
    }
}
