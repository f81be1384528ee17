//! What the file of a picture is called: its id, a dot, and the extension of its format.

use std::fmt;

use contacts_domain::{avatar::AvatarFormat, ids::AvatarId};

/// The name of a file that may exist, and no other text: none that leads out of its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    id: AvatarId,
    pub(crate) format: AvatarFormat,
}

impl Name {
    pub(crate) fn new(id: AvatarId, format: AvatarFormat) -> Self {
        Self { id, format }
    }

    /// `None` of whatever is not exactly the name of a picture: each has one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (id, extension) = text.split_once('.')?;
        let format = AvatarFormat::ALL.into_iter().find(|format| format.extension() == extension)?;
        let name = Self::new(AvatarId::parse(id)?, format);
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.format.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    #[test]
    fn a_name_is_an_id_and_an_extension() {
        for (format, text) in [(AvatarFormat::Jpeg, format!("{ID}.jpg")), (AvatarFormat::Png, format!("{ID}.png"))] {
            let name = Name::parse(&text).unwrap();
            assert_eq!((name, name.to_string()), (Name::new(AvatarId::parse(ID).unwrap(), format), text));
        }
    }

    #[test]
    fn nothing_else_is_a_name() {
        let others = [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            ID.to_owned(),
            format!("{ID}."),
            format!("{ID}.jpeg"),
            format!("{ID}.JPG"),
            format!("{ID}.jpg.tmp"),
            format!("{ID}.jpg/"),
            format!("{ID}.jpg\0"),
            format!("{ID}.jpg\0.jpg"),
            format!("{ID}.svg"),
            format!(" {ID}.jpg"),
            format!(".{ID}.jpg"),
            format!("./{ID}.jpg"),
            format!("/{ID}.jpg"),
            format!("../avatars/{ID}.jpg"),
            format!("..\\{ID}.jpg"),
            format!("%2e%2e/{ID}.jpg"),
            format!("{}.jpg", ID.to_uppercase()),
            format!("{}.jpg", ID.replace('-', "")),
            format!("{{{ID}}}.jpg"),
            "../../../../../../../../../../etc/host.jpg".to_owned(),
            "/etc/passwd".to_owned(),
        ];
        for other in others {
            assert_eq!(Name::parse(&other), None, "{other}");
        }
    }
}
