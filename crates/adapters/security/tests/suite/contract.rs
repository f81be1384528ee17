use std::sync::Arc;

use contacts_contract::{Subject, link_tokens::Links, token_codec::Codecs};
use contacts_domain::{
    Timestamp,
    ids::{SessionId, UserId},
    ports::{AccessClaims, Clock, IdGenerator, LinkTokens, PasswordHasher, RefreshClaims, TokenCodec},
};
use contacts_security::{BcryptHasher, JwtCodec, LinkCodec, SystemClock, UuidV7Generator};
use secrecy::SecretString;

const CURRENT: &str = "a key for tests, of 32 bytes or more";
/// From the oldest.
const OLDER: [&str; 2] = ["the very first key for tests, as long as that", "an older key for tests, as long as that"];
const UNKNOWN: &str = "another key for tests, as long as that";

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|text| (*text).into()).collect()
}

mod bcrypt {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn PasswordHasher>> {
        let hasher = BcryptHasher::new(CURRENT.into(), secrets(&OLDER), 4).unwrap();
        Subject::from(Arc::new(hasher) as Arc<dyn PasswordHasher>)
    }

    contacts_contract::password_hasher_suite!(fresh);
}

mod jwt {
    use super::*;

    async fn fresh() -> Subject<Codecs> {
        let codec = |secret: &str, previous: &[&str]| -> Arc<dyn TokenCodec> {
            Arc::new(JwtCodec::new(&secret.into(), &secrets(previous)))
        };
        Subject::from(Codecs {
            codec: codec(CURRENT, &OLDER),
            replica: codec(CURRENT, &OLDER),
            former: codec(OLDER[1], &OLDER[..1]),
            stranger: codec(UNKNOWN, &[]),
            key: CURRENT.as_bytes().to_vec(),
        })
    }

    contacts_contract::token_codec_suite!(fresh);
}

mod links {
    use super::*;

    async fn fresh() -> Subject<Links> {
        let codec = |secret: &str, previous: &[&str]| -> Arc<dyn LinkTokens> {
            Arc::new(LinkCodec::new(&secret.into(), &secrets(previous)))
        };
        Subject::from(Links {
            tokens: codec(CURRENT, &OLDER),
            replica: codec(CURRENT, &OLDER),
            former: codec(OLDER[1], &OLDER[..1]),
            stranger: codec(UNKNOWN, &[]),
            others: session_tokens(),
        })
    }

    /// Of the same secret.
    fn session_tokens() -> Vec<String> {
        let codec = JwtCodec::new(&CURRENT.into(), &[]);
        let ids = UuidV7Generator::new();
        let (user, session) = (UserId::new(ids.next()), SessionId::new(ids.next()));
        let issued_at: Timestamp = "2026-11-22T07:18:00Z".parse().unwrap();
        let expires_at: Timestamp = "2026-11-22T07:33:00Z".parse().unwrap();
        let access = codec.issue_access(&AccessClaims { user, session, version: 1, issued_at, expires_at });
        let refresh = codec.issue_refresh(&RefreshClaims { user, session, counter: 0, issued_at, expires_at });
        vec![access.unwrap(), refresh.unwrap()]
    }

    contacts_contract::link_tokens_suite!(fresh);
}

mod clock {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn Clock>> {
        Subject::from(Arc::new(SystemClock) as Arc<dyn Clock>)
    }

    contacts_contract::clock_suite!(fresh);
}

mod ids {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn IdGenerator>> {
        Subject::from(Arc::new(UuidV7Generator::new()) as Arc<dyn IdGenerator>)
    }

    contacts_contract::id_generator_suite!(fresh);
}
