//! Tokens that somebody has tampered with, or made up. Some of these forgers know the key: it is
//! what the token says that must give them away.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contacts_domain::ports::TokenKind;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Sha256, Sha384, Sha512};

use super::{
    Codecs,
    validity::{assert_refused, claims},
};
use crate::fixtures::{at, unique_uuid};

pub async fn every_part_of_a_token_is_protected(codecs: Codecs) {
    let token = genuine(&codecs);
    for (index, character) in token.char_indices().filter(|(_, character)| *character != '.') {
        // The last character of a part has bits that mean nothing: either replacement changes one
        // that means something.
        let other = if character == 'A' { 'g' } else { 'A' };
        let mut forged = token.clone();
        forged.replace_range(index..=index, other.encode_utf8(&mut [0; 4]));
        assert_refused(codecs.codec.verify(TokenKind::Access, &forged, at(0)), &format!("changed at {index}"));
    }
}

pub async fn parts_of_two_tokens_do_not_mix(codecs: Codecs) {
    let (first, second) = (genuine(&codecs), genuine(&codecs));
    let (first, second) = (parts(&first), parts(&second));
    let mixed = format!("{}.{}.{}", first[0], second[1], first[2]);
    assert_refused(codecs.codec.verify(TokenKind::Access, &mixed, at(0)), "a payload under another's signature");
}

pub async fn an_unsigned_token_is_refused(codecs: Codecs) {
    let token = genuine(&codecs);
    let [_, payload, signature] = parts(&token);
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let header = encode(&json!({"alg": algorithm, "typ": "JWT"}));
        for signature in ["", signature] {
            let forged = format!("{header}.{payload}.{signature}");
            assert_refused(codecs.codec.verify(TokenKind::Access, &forged, at(0)), algorithm);
        }
    }
    let header = encode(&json!({"typ": "JWT"}));
    assert_refused(codecs.codec.verify(TokenKind::Access, &format!("{header}.{payload}."), at(0)), "no algorithm");
}

pub async fn another_algorithm_is_refused(codecs: Codecs) {
    let token = genuine(&codecs);
    let [_, payload, _] = parts(&token);
    for algorithm in ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA"] {
        let signed = format!("{}.{payload}", encode(&json!({"alg": algorithm, "typ": "JWT"})));
        let signature = match algorithm {
            "HS384" => mac::<Hmac<Sha384>>(&codecs.key, &signed),
            "HS512" => mac::<Hmac<Sha512>>(&codecs.key, &signed),
            // The key used as what it is not.
            _ => mac::<Hmac<Sha256>>(&codecs.key, &signed),
        };
        let forged = format!("{signed}.{signature}");
        assert_refused(codecs.codec.verify(TokenKind::Access, &forged, at(0)), algorithm);
    }
}

pub async fn another_issuer_is_refused(codecs: Codecs) {
    for issuer in [json!("somebody"), json!(""), json!(null), json!(["somebody"])] {
        assert_forgery_is_refused(&codecs, "iss", Some(issuer));
    }
    assert_forgery_is_refused(&codecs, "iss", None);
}

pub async fn another_audience_is_refused(codecs: Codecs) {
    for audience in [json!("somebody"), json!(""), json!(null), json!([]), json!(["somebody"])] {
        assert_forgery_is_refused(&codecs, "aud", Some(audience));
    }
    assert_forgery_is_refused(&codecs, "aud", None);
}

pub async fn a_token_that_lacks_a_claim_is_refused(codecs: Codecs) {
    for claim in payload_of(&genuine(&codecs)).keys().filter(|claim| *claim != "iat" && *claim != "jti") {
        assert_forgery_is_refused(&codecs, claim, None);
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
        ("sub", json!(1)),
        ("sub", json!("ada")),
        ("sub", json!("")),
        ("sub", json!({"id": unique_uuid().to_string()})),
    ] {
        assert_forgery_is_refused(&codecs, claim, Some(value));
    }
}

/// An access token of the codec.
fn genuine(codecs: &Codecs) -> String {
    let token = codecs.codec.issue(TokenKind::Access, &claims(at(0)), at(0)).unwrap();
    assert!(codecs.codec.verify(TokenKind::Access, &token, at(0)).is_ok());
    token
}

/// A genuine token with one claim replaced or removed, signed with the right key.
fn assert_forgery_is_refused(codecs: &Codecs, claim: &str, value: Option<Value>) {
    let token = genuine(codecs);
    let [header, ..] = parts(&token);
    let payload = payload_of(&token);
    let sign = |payload: &Map<String, Value>| {
        let signed = format!("{header}.{}", encode(&Value::Object(payload.clone())));
        let signature = mac::<Hmac<Sha256>>(&codecs.key, &signed);
        format!("{signed}.{signature}")
    };
    // Otherwise it would be refused for its signature, and the case would prove nothing.
    let honest = codecs.codec.verify(TokenKind::Access, &sign(&payload), at(0));
    assert!(honest.is_ok(), "the suite does not sign as the codec does");
    let mut forged = payload;
    let why = format!("{claim} is {value:?}");
    match value {
        Some(value) => forged.insert(claim.to_owned(), value),
        None => forged.remove(claim),
    };
    assert_refused(codecs.codec.verify(TokenKind::Access, &sign(&forged), at(0)), &why);
}

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().expect("a token has three parts")
}

fn payload_of(token: &str) -> Map<String, Value> {
    let json = URL_SAFE_NO_PAD.decode(parts(token)[1]).expect("a payload is base64url");
    serde_json::from_slice(&json).expect("a payload is an object")
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn mac<M: Mac + KeyInit>(key: &[u8], text: &str) -> String {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}
