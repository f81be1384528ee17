//! What things are called in Redis. Another encoding of any of them must change the `v2`.

use contacts_domain::{
    ids::{SessionId, UserId},
    rate_limit::RateKey,
};
use sha2::{Digest as _, Sha256};

/// Where it is published what is not to be believed any more.
pub(crate) const INVALIDATIONS: &str = "contacts:v2:invalidations";

/// The longest key of a bucket that is written out, in bytes.
const LONGEST: usize = 128;

/// The entry of a session, in one run of Redis.
pub(crate) fn entry(run: &str, user: UserId, session: SessionId) -> String {
    format!("contacts:v2:{run}:{{{user}}}:session:{session}")
}

/// The least version of a user that is to be believed, in one run of Redis.
pub(crate) fn minimum(run: &str, user: UserId) -> String {
    format!("contacts:v2:{run}:{{{user}}}:minimum")
}

/// A bucket. An account in its key is anybody's text: what is long or odd is named by its hash, which
/// begins with a sign that no other name has.
pub(crate) fn bucket(key: &RateKey) -> String {
    let text = key.to_string();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.@_+-".contains(&byte);
    if text.len() <= LONGEST && text.bytes().all(is_plain) {
        return format!("contacts:v2:rate:{text}");
    }
    let hash = Sha256::digest(text);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("contacts:v2:rate:#{hex}")
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
    fn a_plain_bucket_is_written_out() {
        let address = ClientAddress::parse("2001:db8:1:2::/64").unwrap();
        let key = RateKey::LoginFrom { account: "ada+x@example.com".to_owned(), address };
        assert_eq!(bucket(&key), "contacts:v2:rate:login:2001:db8:1:2::/64:ada+x@example.com");
    }

    #[test]
    fn a_long_or_odd_bucket_is_named_by_a_hash() {
        let (odd, long) = (strangers("żółw"), strangers(&"x".repeat(100_000)));
        for name in [&odd, &long, &strangers("a b"), &strangers("{a}"), &strangers("\r\n")] {
            let hex = name.strip_prefix("contacts:v2:rate:#").unwrap();
            assert!(hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        }
        assert_ne!(odd, long);
        // Nobody can write such a name.
        let imitation = odd.strip_prefix("contacts:v2:rate:").unwrap();
        assert_ne!(strangers(imitation), format!("contacts:v2:rate:strangers:{imitation}"));
    }
}
