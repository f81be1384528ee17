//! Which tokens are believed, and how long.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use chrono::TimeDelta;
use contacts_domain::Timestamp;

use super::{
    Codecs,
    steps::{Claims, Kind, claims},
};
use crate::fixtures::at;

pub async fn a_token_is_read_back(codecs: Codecs) {
    let now = at(0);
    for kind in Kind::ALL {
        for seconds in [1, 900, 30 * 86_400, 3_000_000_000] {
            for number in [0, 1, i64::MAX] {
                let claims = Claims { number, expires_at: now + TimeDelta::seconds(seconds), ..claims(now) };
                let token = kind.issue(&*codecs.codec, &claims);
                assert_eq!(kind.verify(&*codecs.codec, &token, now).unwrap(), claims);
            }
        }
    }
}

pub async fn a_token_says_whole_seconds(codecs: Codecs) {
    for kind in Kind::ALL {
        let whole = claims(at(0));
        let finer = Claims {
            issued_at: whole.issued_at + TimeDelta::microseconds(999_999),
            expires_at: whole.expires_at + TimeDelta::microseconds(1),
            ..whole
        };
        let token = kind.issue(&*codecs.codec, &finer);
        assert_eq!(kind.verify(&*codecs.codec, &token, at(0)).unwrap(), whole);
    }
}

pub async fn a_token_is_valid_until_it_expires(codecs: Codecs) {
    // The time of the process has no say: one of these is long past, another far ahead.
    for now in ["1999-12-31T23:59:59Z", "2026-11-22T07:18:00Z", "2199-01-01T00:00:00Z"] {
        let now: Timestamp = now.parse().unwrap();
        let claims = claims(now);
        for kind in Kind::ALL {
            let token = kind.issue(&*codecs.codec, &claims);
            for time in [now, claims.expires_at - TimeDelta::microseconds(1)] {
                assert_eq!(kind.verify(&*codecs.codec, &token, time).unwrap(), claims, "{time}");
            }
            // A millisecond after the leeway that is allowed.
            for late in [TimeDelta::milliseconds(5_001), TimeDelta::seconds(6), TimeDelta::days(30)] {
                kind.assert_refused(&*codecs.codec, &token, claims.expires_at + late, "expired");
            }
        }
    }
}

pub async fn a_token_of_one_kind_is_refused_as_the_other(codecs: Codecs) {
    let now = at(0);
    for kind in Kind::ALL {
        let token = kind.issue(&*codecs.codec, &claims(now));
        kind.other().assert_refused(&*codecs.codec, &token, now, "of another kind");
    }
}

pub async fn a_token_fits_into_a_header(codecs: Codecs) {
    let now = at(0);
    for kind in Kind::ALL {
        let token = kind.issue(&*codecs.codec, &Claims { number: i64::MAX, ..claims(now) });
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        assert!(token.bytes().all(fits) && token.len() < 1_000, "{token}");
    }
}

pub async fn garbage_is_refused_without_panicking(codecs: Codecs) {
    let now = at(0);
    for kind in Kind::ALL {
        let token = kind.issue(&*codecs.codec, &claims(now));
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
            kind.assert_refused(&*codecs.codec, &text, now, &text.chars().take(40).collect::<String>());
        }
        // However a token is cut short.
        for length in 0..token.len() {
            kind.assert_refused(&*codecs.codec, &token[..length], now, "cut short");
        }
    }
}
