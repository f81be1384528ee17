//! What changing a secret does to what was made with the one before.

use contacts_domain::{
    Timestamp,
    ids::{MailId, SessionId, UserId},
    link::LinkPurpose,
    ports::{AccessClaims, IdGenerator, LinkTokens, TokenCodec, TokenError},
};
use contacts_security::{JwtCodec, LinkCodec, UuidV7Generator};
use secrecy::SecretString;

fn secrets() -> [SecretString; 3] {
    ["first", "second", "third"].map(|name| format!("the {name} key for tests, of 32 bytes or more").into())
}

fn now() -> Timestamp {
    "2026-11-22T07:18:00Z".parse().unwrap()
}

fn claims() -> AccessClaims {
    let ids = UuidV7Generator::new();
    AccessClaims {
        user: UserId::new(ids.next()),
        session: SessionId::new(ids.next()),
        version: 1,
        issued_at: now(),
        expires_at: "2026-11-22T07:33:00Z".parse().unwrap(),
    }
}

#[test]
fn a_token_lives_as_long_as_its_key_is_known() {
    let [first, second, third] = secrets();
    let token = JwtCodec::new(&first, &[]).issue_access(&claims()).unwrap();
    for previous in [vec![first.clone()], vec![second.clone(), first.clone()], vec![first, second.clone()]] {
        assert!(JwtCodec::new(&third, &previous).verify_access(&token, now()).is_ok());
    }
    let verified = JwtCodec::new(&third, &[second]).verify_access(&token, now());
    assert!(matches!(verified, Err(TokenError::Invalid)));
}

#[test]
fn a_link_lives_as_long_as_its_key_is_known() {
    let [first, second, third] = secrets();
    let id = MailId::new(UuidV7Generator::new().next());
    let (token, hash) = LinkCodec::new(&first, &[]).issue(LinkPurpose::VerifyEmail, id);
    for previous in [vec![first.clone()], vec![second.clone(), first.clone()], vec![first, second.clone()]] {
        let read = LinkCodec::new(&third, &previous).read(LinkPurpose::VerifyEmail, token.expose());
        assert_eq!(read, Some((id, hash)));
    }
    assert_eq!(LinkCodec::new(&third, &[second]).read(LinkPurpose::VerifyEmail, token.expose()), None);
}

#[test]
fn a_link_is_no_token_of_a_session() {
    let [secret, ..] = secrets();
    let id = MailId::new(UuidV7Generator::new().next());
    let codec = JwtCodec::new(&secret, &[]);
    for purpose in LinkPurpose::ALL {
        let (link, _) = LinkCodec::new(&secret, &[]).issue(purpose, id);
        assert!(matches!(codec.verify_access(link.expose(), now()), Err(TokenError::Invalid)));
        assert!(matches!(codec.verify_refresh(link.expose(), now()), Err(TokenError::Invalid)));
    }
}
