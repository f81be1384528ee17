//! Which tokens are believed, and how long.

use chrono::TimeDelta;
use contacts_domain::{
    Timestamp,
    ids::UserId,
    ports::{Claims, TokenError, TokenKind},
};

use super::Codecs;
use crate::fixtures::{at, unique_uuid};

const KINDS: [TokenKind; 2] = [TokenKind::Access, TokenKind::Refresh];

/// For somebody, for a quarter of an hour.
pub(super) fn claims(now: Timestamp) -> Claims {
    Claims { user: UserId::new(unique_uuid()), expires_at: now + TimeDelta::minutes(15) }
}

pub async fn a_token_is_read_back(codecs: Codecs) {
    for kind in KINDS {
        for seconds in [1, 900, 30 * 86_400, 3_000_000_000] {
            let now = at(0);
            let claims = Claims { expires_at: now + TimeDelta::seconds(seconds), ..claims(now) };
            let token = codecs.codec.issue(kind, &claims, now).unwrap();
            assert_eq!(codecs.codec.verify(kind, &token, now).unwrap(), claims);
        }
    }
}

pub async fn a_token_is_valid_until_it_expires(codecs: Codecs) {
    // The time of the process has no say: one of these is long past, another far ahead.
    for now in ["1999-12-31T23:59:59Z", "2026-11-22T07:18:00Z", "2199-01-01T00:00:00Z"] {
        let now: Timestamp = now.parse().unwrap();
        let claims = claims(now);
        for kind in KINDS {
            let token = codecs.codec.issue(kind, &claims, now).unwrap();
            let at = |time: Timestamp| codecs.codec.verify(kind, &token, time);
            assert_eq!(at(now).unwrap(), claims);
            assert_eq!(at(claims.expires_at - TimeDelta::seconds(1)).unwrap(), claims);
            // Half an instant after the leeway that is allowed.
            let late = [TimeDelta::milliseconds(5_001), TimeDelta::seconds(6), TimeDelta::days(30)];
            for late in late {
                assert_refused(at(claims.expires_at + late), "expired");
            }
        }
    }
}

pub async fn a_token_of_one_kind_is_refused_as_the_other(codecs: Codecs) {
    let now = at(0);
    for (kind, other) in [(KINDS[0], KINDS[1]), (KINDS[1], KINDS[0])] {
        let token = codecs.codec.issue(kind, &claims(now), now).unwrap();
        assert_refused(codecs.codec.verify(other, &token, now), "of another kind");
    }
}

pub async fn a_token_of_another_key_is_refused(codecs: Codecs) {
    let now = at(0);
    for kind in KINDS {
        let token = codecs.stranger.issue(kind, &claims(now), now).unwrap();
        assert!(codecs.stranger.verify(kind, &token, now).is_ok());
        assert_refused(codecs.codec.verify(kind, &token, now), "of another key");
    }
}

pub async fn a_token_fits_into_a_header(codecs: Codecs) {
    let now = at(0);
    for kind in KINDS {
        let token = codecs.codec.issue(kind, &claims(now), now).unwrap();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        assert!(token.bytes().all(fits) && token.len() < 1_000, "{token}");
    }
}

pub async fn garbage_is_refused_without_panicking(codecs: Codecs) {
    let now = at(0);
    let token = codecs.codec.issue(TokenKind::Access, &claims(now), now).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let garbage = [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        "a.b.c".into(),
        "é.夏.🔑".into(),
        "\0".into(),
        "=.=.=".into(),
        "x".repeat(1_000_000),
        ".".repeat(100_000),
        format!("{token} "),
        format!(" {token}"),
        format!("{token}."),
        format!("{token}.{token}"),
        format!("Bearer {token}"),
        format!("{}..{}", parts[0], parts[2]),
        format!(".{}.{}", parts[1], parts[2]),
        format!("{}.{}", parts[0], parts[1]),
        "e30.e30.e30".into(),
        "bnVsbA.bnVsbA.".into(),
    ];
    for text in garbage {
        for kind in KINDS {
            assert_refused(codecs.codec.verify(kind, &text, now), &text.chars().take(40).collect::<String>());
        }
    }
    // However a token is cut short.
    for length in 0..token.len() {
        assert_refused(codecs.codec.verify(TokenKind::Access, &token[..length], now), "cut short");
    }
}

pub(super) fn assert_refused(verified: Result<Claims, TokenError>, why: &str) {
    match verified {
        Err(TokenError::Invalid) => {}
        Err(error) => panic!("it must be called invalid, not {error:?}: {why}"),
        Ok(_) => panic!("this token must be refused: {why}"),
    }
}
