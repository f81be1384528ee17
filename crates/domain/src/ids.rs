//! Identifiers: UUIDs that cannot be mistaken for one another.

use std::fmt;

use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes any UUID. New ones come from [`IdGenerator`](crate::ports::IdGenerator).
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// For adapters, as it is stored.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// Reads the canonical text form. `None` is all there is to say: a malformed id is
            /// treated like the id of something that does not exist.
            pub fn parse(text: &str) -> Option<Self> {
                // Only the hyphenated form is an address; braces and URNs would be aliases of it.
                (text.len() == 36).then(|| Uuid::try_parse(text).ok().map(Self)).flatten()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// Names a user.
    UserId
);
id!(
    /// Names a contact, globally: no two contacts of any two users share one.
    ContactId
);
id!(
    /// Names an address book.
    AddressBookId
);

id!(
    /// Names a session: what began with a login and ends with a logout.
    SessionId
);
id!(
    /// Names a mail, and the one link that it may hold.
    MailId
);
id!(
    /// Names one uploaded picture. A new upload has a new one.
    AvatarId
);
id!(
    /// Names an entry of the audit log.
    AuditId
);
id!(
    /// Names the history of an address book in which its numbers mean something.
    Epoch
);
id!(
    /// Held by the worker that works on a mail, or by the attempt that carries out a request: who claims it later holds another one, and then
    /// nothing that is done in the name of the old one counts.
    LeaseId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(ContactId::parse(text).unwrap().to_string(), text);
        for other in ["", "1", "01890a5dac96774bbcceb302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}", "x"] {
            assert_eq!(ContactId::parse(other), None, "{other}");
        }
    }
}
