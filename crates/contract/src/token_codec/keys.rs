//! Which key signs, and which are believed.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::thread;

use chrono::TimeDelta;
use contacts_domain::ids::{SessionId, UserId};

use super::{
    Codecs,
    steps::{Claims, Kind, claims},
};
use crate::fixtures::{at, unique_uuid};

pub async fn the_same_claims_make_the_same_token(codecs: Codecs) {
    for kind in Kind::ALL {
        let claims = claims(at(0));
        let token = kind.issue(&*codecs.codec, &claims);
        assert_eq!(kind.issue(&*codecs.codec, &claims), token);
        assert_eq!(kind.issue(&*codecs.replica, &claims), token, "two replicas make two tokens of one");
    }
}

pub async fn other_claims_make_another_token(codecs: Codecs) {
    let claims = claims(at(0));
    for kind in Kind::ALL {
        let token = kind.issue(&*codecs.codec, &claims);
        for other in [
            Claims { user: UserId::new(unique_uuid()), ..claims },
            Claims { session: SessionId::new(unique_uuid()), ..claims },
            Claims { number: claims.number + 1, ..claims },
            Claims { issued_at: claims.issued_at + TimeDelta::seconds(1), ..claims },
            Claims { expires_at: claims.expires_at + TimeDelta::seconds(1), ..claims },
        ] {
            assert_ne!(kind.issue(&*codecs.codec, &other), token, "{other:?}");
        }
        assert_ne!(kind.other().issue(&*codecs.codec, &claims), token);
    }
}

pub async fn a_token_of_an_older_key_is_accepted(codecs: Codecs) {
    for kind in Kind::ALL {
        let claims = claims(at(0));
        let token = kind.issue(&*codecs.former, &claims);
        assert_eq!(kind.verify(&*codecs.codec, &token, at(0)).unwrap(), claims);
        kind.other().assert_refused(&*codecs.codec, &token, at(0), "of another kind, and an older key");
        kind.assert_refused(&*codecs.codec, &token, claims.expires_at + TimeDelta::seconds(6), "expired");
    }
}

pub async fn a_token_of_an_unknown_key_is_refused(codecs: Codecs) {
    for kind in Kind::ALL {
        let token = kind.issue(&*codecs.stranger, &claims(at(0)));
        assert!(kind.verify(&*codecs.stranger, &token, at(0)).is_ok());
        kind.assert_refused(&*codecs.codec, &token, at(0), "of an unknown key");
    }
}

pub async fn the_older_key_signs_nothing_new(codecs: Codecs) {
    for kind in Kind::ALL {
        let claims = claims(at(0));
        let token = kind.issue(&*codecs.codec, &claims);
        assert_ne!(token, kind.issue(&*codecs.former, &claims));
        kind.assert_refused(&*codecs.former, &token, at(0), "of a key that came later");
    }
}

pub async fn many_threads_sign_and_verify_at_once(codecs: Codecs) {
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for kind in Kind::ALL.into_iter().cycle().take(100) {
                    let claims = claims(at(0));
                    let token = kind.issue(&*codecs.codec, &claims);
                    assert_eq!(kind.verify(&*codecs.replica, &token, at(0)).unwrap(), claims);
                }
            });
        }
    });
}
