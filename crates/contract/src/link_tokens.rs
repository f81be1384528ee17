//! What the tokens of mailed links promise: nobody else can make one, and none does what another is for.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::{fmt, sync::Arc, thread};

use contacts_domain::{
    ids::MailId,
    link::{LinkHash, LinkPurpose},
    ports::LinkTokens,
};
use uuid::Uuid;

use crate::fixtures::unique_uuid;

/// What the suite is run against.
#[derive(Clone)]
pub struct Links {
    /// What is judged.
    pub tokens: Arc<dyn LinkTokens>,
    /// Another one with the same keys, as in another replica.
    pub replica: Arc<dyn LinkTokens>,
    /// One whose current key is an older key of `tokens`.
    pub former: Arc<dyn LinkTokens>,
    /// One whose key `tokens` does not know.
    pub stranger: Arc<dyn LinkTokens>,
    /// What the same secret signed for other uses: tokens of sessions.
    pub others: Vec<String>,
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links").finish_non_exhaustive()
    }
}

/// Runs every case against tokens that the argument makes: an async function without arguments that
/// returns `Subject<Links>`.
#[macro_export]
macro_rules! link_tokens_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            link_tokens,
            [
                a_token_is_read_back,
                a_token_of_one_purpose_is_refused_for_every_other,
                the_same_id_makes_the_same_token,
                no_two_links_share_a_token_or_what_is_stored,
                every_changed_character_is_refused,
                parts_of_two_tokens_do_not_mix,
                a_token_of_an_older_key_is_read,
                a_token_of_an_unknown_key_is_refused,
                the_older_key_issues_nothing_new,
                what_is_stored_is_no_token,
                tokens_of_sessions_are_refused,
                garbage_of_every_length_is_refused,
                a_token_fits_into_a_url,
                many_threads_issue_and_read_at_once,
            ]
        );
    };
}

pub async fn a_token_is_read_back(links: Links) {
    for purpose in LinkPurpose::ALL {
        for id in [mail(), MailId::new(Uuid::nil()), MailId::new(Uuid::max())] {
            let (token, hash) = issue(&*links.tokens, purpose, id);
            assert_eq!(links.tokens.read(purpose, &token), Some((id, hash)));
        }
    }
}

pub async fn a_token_of_one_purpose_is_refused_for_every_other(links: Links) {
    for purpose in LinkPurpose::ALL {
        let (token, _) = issue(&*links.tokens, purpose, mail());
        for other in LinkPurpose::ALL {
            assert_eq!(links.tokens.read(other, &token).is_some(), other == purpose, "{purpose:?} as {other:?}");
        }
    }
}

pub async fn the_same_id_makes_the_same_token(links: Links) {
    for purpose in LinkPurpose::ALL {
        let id = mail();
        let first = issue(&*links.tokens, purpose, id);
        assert_eq!(issue(&*links.tokens, purpose, id), first);
        assert_eq!(issue(&*links.replica, purpose, id), first, "two replicas make two tokens of one");
    }
}

pub async fn no_two_links_share_a_token_or_what_is_stored(links: Links) {
    let ids = [mail(), mail()];
    let issued: Vec<_> =
        LinkPurpose::ALL.into_iter().flat_map(|purpose| ids.map(|id| issue(&*links.tokens, purpose, id))).collect();
    for (index, (token, hash)) in issued.iter().enumerate() {
        for (other_token, other_hash) in &issued[index + 1..] {
            assert!(token != other_token && hash != other_hash);
        }
    }
}

pub async fn every_changed_character_is_refused(links: Links) {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \0é";
    let (token, _) = issue(&*links.tokens, LinkPurpose::ResetPassword, mail());
    for (index, character) in token.char_indices() {
        for other in ALPHABET.chars().filter(|other| *other != character) {
            let mut forged = token.clone();
            forged.replace_range(index..index + character.len_utf8(), other.encode_utf8(&mut [0; 4]));
            assert_refused(&links, &forged, &format!("{other:?} at {index}"));
        }
    }
}

pub async fn parts_of_two_tokens_do_not_mix(links: Links) {
    let [first, second] = [(), ()].map(|()| issue(&*links.tokens, LinkPurpose::ResetPassword, mail()).0);
    for cut in 1..first.len() {
        if first[..cut] != second[..cut] && first[cut..] != second[cut..] {
            assert_refused(&links, &format!("{}{}", &first[..cut], &second[cut..]), &format!("cut at {cut}"));
        }
    }
}

pub async fn a_token_of_an_older_key_is_read(links: Links) {
    for purpose in LinkPurpose::ALL {
        let id = mail();
        let (token, hash) = issue(&*links.former, purpose, id);
        for other in LinkPurpose::ALL {
            let expected = (other == purpose).then_some((id, hash));
            assert_eq!(links.tokens.read(other, &token), expected, "{purpose:?} as {other:?}");
        }
    }
}

pub async fn a_token_of_an_unknown_key_is_refused(links: Links) {
    for purpose in LinkPurpose::ALL {
        let (token, _) = issue(&*links.stranger, purpose, mail());
        assert!(links.stranger.read(purpose, &token).is_some());
        assert_refused(&links, &token, "of an unknown key");
    }
}

pub async fn the_older_key_issues_nothing_new(links: Links) {
    let id = mail();
    let (token, _) = issue(&*links.tokens, LinkPurpose::VerifyEmail, id);
    assert_ne!(token, issue(&*links.former, LinkPurpose::VerifyEmail, id).0);
    assert_eq!(links.former.read(LinkPurpose::VerifyEmail, &token), None, "a key that came later");
}

pub async fn what_is_stored_is_no_token(links: Links) {
    let (token, LinkHash(hash)) = issue(&*links.tokens, LinkPurpose::ResetPassword, mail());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_refused(&links, &hex, "what is stored, in hexadecimal digits");
    assert!(!token.as_bytes().windows(hash.len()).any(|part| part == hash) && !token.contains(&hex));
}

pub async fn tokens_of_sessions_are_refused(links: Links) {
    assert!(!links.others.is_empty(), "there is nothing to show");
    for text in &links.others {
        for part in text.split('.').chain([text.as_str()]) {
            assert_refused(&links, part, "of a session");
        }
    }
}

pub async fn garbage_of_every_length_is_refused(links: Links) {
    let (token, _) = issue(&*links.tokens, LinkPurpose::ResetPassword, mail());
    for length in (0..=200).chain([1_000, 1_000_000]) {
        for letter in ["A", "_", "=", "é", "🔑", "\0", " "] {
            assert_refused(&links, &letter.repeat(length), &format!("{length} times {letter:?}"));
        }
    }
    for length in 0..token.len() {
        assert_refused(&links, &token[..length], "cut short");
        assert_refused(&links, &token[token.len() - length..], "without its beginning");
    }
    for wrapped in [format!("{token}A"), format!("{token}="), format!("{token}\n"), format!(" {token}")] {
        assert_refused(&links, &wrapped, "with something around it");
    }
    assert_refused(&links, &format!("{token}{token}"), "twice");
}

pub async fn a_token_fits_into_a_url(links: Links) {
    for purpose in LinkPurpose::ALL {
        let (token, _) = issue(&*links.tokens, purpose, mail());
        // A mail program takes a dot at the end for that of the sentence.
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
        assert!(token.bytes().all(fits) && token.len() <= 200, "{token}");
    }
}

pub async fn many_threads_issue_and_read_at_once(links: Links) {
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for purpose in LinkPurpose::ALL.into_iter().cycle().take(300) {
                    let id = mail();
                    let (token, hash) = issue(&*links.tokens, purpose, id);
                    assert_eq!(links.replica.read(purpose, &token), Some((id, hash)));
                }
            });
        }
    });
}

fn mail() -> MailId {
    MailId::new(unique_uuid())
}

fn issue(tokens: &dyn LinkTokens, purpose: LinkPurpose, id: MailId) -> (String, LinkHash) {
    let (token, hash) = tokens.issue(purpose, id);
    (token.expose().to_owned(), hash)
}

/// The text is refused for every purpose.
fn assert_refused(links: &Links, text: &str, why: &str) {
    for purpose in LinkPurpose::ALL {
        assert_eq!(links.tokens.read(purpose, text), None, "{why}");
    }
}
