//! What things are called in Redis. Another encoding of any of them must change the `v2`.

use contacts_domain::{
    ids::{SessionId, UserId},
    rate_limit::RateKey,
};
use sha2::{Digest as _, Sha256};

/// Where it is published what is not to be believed any more.
pub(crate) const INVALIDATIONS: &str = "contacts:v2:invalidations";

/// The entry of a session, in one run of Redis.
pub(crate) fn entry(run: &str, user: UserId, session: SessionId) -> String {
    format!("contacts:v2:{run}:{{{user}}}:session:{session}")
}

/// The least version of a user that is to be believed, in one run of Redis.
pub(crate) fn minimum(run: &str, user: UserId) -> String {
    format!("contacts:v2:{run}:{{{user}}}:minimum")
}

/// A bucket. An account in its key is anybody's text, and may even be a password in the wrong field: it is
/// named by its hash.
pub(crate) fn bucket(key: &RateKey) -> String {
    match key {
        RateKey::Contacts(_) | RateKey::Refresh(_) | RateKey::PasswordIn(_) => format!("contacts:v2:rate:{key}"),
        RateKey::LoginFrom { .. } | RateKey::LoginByStrangers { .. } => {
            let hash = Sha256::digest(key.to_string());
            let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("contacts:v2:rate:#{hex}")
        }
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::caller::ClientAddress;

    use super::*;

    fn strangers(account: &str) -> String {
        bucket(&RateKey::LoginByStrangers { account: account.to_owned() })
    }

    #[test]
    fn keys_of_a_user_share_a_tag() {
        let user = UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let session = SessionId::parse("01890a5d-ac96-774b-bcce-b302099a8058").unwrap();
        assert_eq!(
            entry("0123abc", user, session),
            "contacts:v2:0123abc:{01890a5d-ac96-774b-bcce-b302099a8057}:session:01890a5d-ac96-774b-bcce-b302099a8058"
        );
        assert_eq!(minimum("0123abc", user), "contacts:v2:0123abc:{01890a5d-ac96-774b-bcce-b302099a8057}:minimum");
    }

    #[test]
    fn a_bucket_of_ids_is_written_out() {
        let user = UserId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        assert_eq!(bucket(&RateKey::Contacts(user)), "contacts:v2:rate:contacts:01890a5d-ac96-774b-bcce-b302099a8057");
    }

    #[test]
    fn what_somebody_typed_is_in_no_key() {
        let address = ClientAddress::parse("2001:db8:1:2::/64").unwrap();
        let from = |account: &str| bucket(&RateKey::LoginFrom { account: account.to_owned(), address });
        let names = ["ada@example.com", "hunter2", "", "x y", "{a}", "\r\n"].map(|text| [strangers(text), from(text)]);
        let names: std::collections::BTreeSet<_> = names.into_iter().flatten().collect();
        assert_eq!(names.len(), 12);
        for name in names.iter().chain([&strangers(&"x".repeat(100_000))]) {
            let hex = name.strip_prefix("contacts:v2:rate:#").unwrap();
            assert!(hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        }
    }
}
