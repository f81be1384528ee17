//! Tokens that somebody has tampered with, or made up. Some of these forgers know the key: it is
//! what the token says that must give them away.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Sha256, Sha384, Sha512};

use super::{
    Codecs,
    steps::{Kind, claims},
};
use crate::fixtures::{at, unique_uuid};

pub async fn every_part_of_a_token_is_protected(codecs: Codecs) {
    for kind in Kind::ALL {
        let token = genuine(kind, &codecs);
        for (index, character) in token.char_indices().filter(|(_, character)| *character != '.') {
            // The last character of a part has bits that mean nothing: either replacement changes one
            // that means something.
            let other = if character == 'A' { 'g' } else { 'A' };
            let mut forged = token.clone();
            forged.replace_range(index..=index, other.encode_utf8(&mut [0; 4]));
            kind.assert_refused(&*codecs.codec, &forged, at(0), &format!("changed at {index}"));
        }
    }
}

pub async fn parts_of_two_tokens_do_not_mix(codecs: Codecs) {
    for kind in Kind::ALL {
        let (first, second) = (genuine(kind, &codecs), genuine(kind, &codecs));
        let ([header, _, signature], [_, payload, _]) = (parts(&first), parts(&second));
        let mixed = format!("{header}.{payload}.{signature}");
        kind.assert_refused(&*codecs.codec, &mixed, at(0), "a payload under another's signature");
    }
}

pub async fn a_signature_of_another_key_is_refused_under_any_header(codecs: Codecs) {
    for kind in Kind::ALL {
        let token = genuine(kind, &codecs);
        let older = kind.issue(&*codecs.former, &claims(at(0)));
        let [header, payload, _] = parts(&token);
        // The last one is signed with a known key, and names another known one.
        for (header, key) in [
            (header, &b"another key"[..]),
            (parts(&older)[0], b"another key"),
            (header, b""),
            (parts(&older)[0], &codecs.key),
        ] {
            let signed = format!("{header}.{payload}");
            let forged = format!("{signed}.{}", mac::<Hmac<Sha256>>(key, &signed));
            kind.assert_refused(&*codecs.codec, &forged, at(0), "signed with another key than it names");
        }
    }
}

pub async fn an_unsigned_token_is_refused(codecs: Codecs) {
    for kind in Kind::ALL {
        let token = genuine(kind, &codecs);
        let [_, payload, signature] = parts(&token);
        for algorithm in ["none", "None", "NONE", "nOnE", ""] {
            for header in [with_algorithm(&token, algorithm), encode(&json!({"alg": algorithm, "typ": "JWT"}))] {
                for signature in ["", signature] {
                    let forged = format!("{header}.{payload}.{signature}");
                    kind.assert_refused(&*codecs.codec, &forged, at(0), algorithm);
                }
            }
        }
        let header = encode(&json!({"typ": "JWT"}));
        kind.assert_refused(&*codecs.codec, &format!("{header}.{payload}."), at(0), "no algorithm");
    }
}

pub async fn another_algorithm_is_refused(codecs: Codecs) {
    for kind in Kind::ALL {
        let token = genuine(kind, &codecs);
        let [_, payload, _] = parts(&token);
        for algorithm in ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA"] {
            let signed = format!("{}.{payload}", with_algorithm(&token, algorithm));
            let signature = match algorithm {
                "HS384" => mac::<Hmac<Sha384>>(&codecs.key, &signed),
                "HS512" => mac::<Hmac<Sha512>>(&codecs.key, &signed),
                // The key used as what it is not.
                _ => mac::<Hmac<Sha256>>(&codecs.key, &signed),
            };
            kind.assert_refused(&*codecs.codec, &format!("{signed}.{signature}"), at(0), algorithm);
        }
    }
}

pub async fn another_issuer_is_refused(codecs: Codecs) {
    for issuer in [json!("somebody"), json!(""), json!(null), json!(["somebody"])] {
        assert_forgery_is_refused(&codecs, "iss", &issuer);
    }
}

pub async fn another_audience_is_refused(codecs: Codecs) {
    for audience in [json!("somebody"), json!(""), json!(null), json!([]), json!(["somebody"])] {
        assert_forgery_is_refused(&codecs, "aud", &audience);
    }
    for kind in Kind::ALL {
        let others = payload_of(&genuine(kind.other(), &codecs))["aud"].clone();
        let forged = forge(kind, &codecs, |payload| payload.insert("aud".to_owned(), others));
        kind.assert_refused(&*codecs.codec, &forged, at(0), "for the audience of the other kind");
    }
}

pub async fn another_type_is_refused(codecs: Codecs) {
    for kind in Kind::ALL {
        let other = payload_of(&genuine(kind.other(), &codecs));
        for value in [other["typ"].clone(), other["aud"].clone(), json!("JWT"), json!(""), json!(null)] {
            let forged = forge(kind, &codecs, |payload| payload.insert("typ".to_owned(), value.clone()));
            kind.assert_refused(&*codecs.codec, &forged, at(0), &format!("typ is {value}"));
        }
    }
}

pub async fn a_token_that_lacks_a_claim_is_refused(codecs: Codecs) {
    for kind in Kind::ALL {
        for claim in payload_of(&genuine(kind, &codecs)).keys() {
            let forged = forge(kind, &codecs, |payload| payload.remove(claim));
            kind.assert_refused(&*codecs.codec, &forged, at(0), &format!("without {claim}"));
        }
    }
}

pub async fn a_claim_of_another_type_is_refused(codecs: Codecs) {
    for (claim, value) in [
        ("exp", json!("soon")),
        ("exp", json!(null)),
        ("exp", json!(-1)),
        ("exp", json!(1e300)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("iat", json!("now")),
        ("iat", json!(i64::MAX)),
        ("sub", json!(1)),
        ("sub", json!("ada")),
        ("sub", json!("")),
        ("sub", json!({"id": unique_uuid().to_string()})),
        ("sid", json!(null)),
        ("sid", json!("session")),
        ("sid", json!([unique_uuid().to_string()])),
    ] {
        assert_forgery_is_refused(&codecs, claim, &value);
    }
    for (kind, claim) in [(Kind::Access, "ver"), (Kind::Refresh, "ctr")] {
        for value in [json!("7"), json!(null), json!(7.5), json!(u64::MAX)] {
            let forged = forge(kind, &codecs, |payload| payload.insert(claim.to_owned(), value.clone()));
            kind.assert_refused(&*codecs.codec, &forged, at(0), &format!("{claim} is {value}"));
        }
    }
}

pub async fn a_claim_that_nobody_knows_is_refused(codecs: Codecs) {
    for claim in ["admin", "nbf", "jti", "scope"] {
        assert_forgery_is_refused(&codecs, claim, &json!(1));
    }
}

/// A token of the codec.
fn genuine(kind: Kind, codecs: &Codecs) -> String {
    let token = kind.issue(&*codecs.codec, &claims(at(0)));
    assert!(kind.verify(&*codecs.codec, &token, at(0)).is_ok());
    token
}

/// A genuine token of either kind is refused once one of its claims says something else.
fn assert_forgery_is_refused(codecs: &Codecs, claim: &str, value: &Value) {
    for kind in Kind::ALL {
        let forged = forge(kind, codecs, |payload| payload.insert(claim.to_owned(), value.clone()));
        kind.assert_refused(&*codecs.codec, &forged, at(0), &format!("{claim} is {value}"));
    }
}

/// A genuine token with another payload, signed with the right key.
fn forge(kind: Kind, codecs: &Codecs, change: impl FnOnce(&mut Map<String, Value>) -> Option<Value>) -> String {
    let token = genuine(kind, codecs);
    let [header, ..] = parts(&token);
    let mut payload = payload_of(&token);
    let sign = |payload: &Map<String, Value>| {
        let signed = format!("{header}.{}", encode(&Value::Object(payload.clone())));
        let signature = mac::<Hmac<Sha256>>(&codecs.key, &signed);
        format!("{signed}.{signature}")
    };
    // Otherwise it would be refused for its signature, and the case would prove nothing.
    let honest = kind.verify(&*codecs.codec, &sign(&payload), at(0));
    assert!(honest.is_ok(), "the suite does not sign as the codec does");
    change(&mut payload);
    sign(&payload)
}

/// The header of this token, were it signed with another algorithm.
fn with_algorithm(token: &str, algorithm: &str) -> String {
    let mut header = object(parts(token)[0]);
    header.insert("alg".to_owned(), json!(algorithm));
    encode(&Value::Object(header))
}

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().expect("a token has three parts")
}

fn payload_of(token: &str) -> Map<String, Value> {
    object(parts(token)[1])
}

fn object(part: &str) -> Map<String, Value> {
    let json = URL_SAFE_NO_PAD.decode(part).expect("a part is base64url");
    serde_json::from_slice(&json).expect("a part is an object")
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn mac<M: Mac + KeyInit>(key: &[u8], text: &str) -> String {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}
