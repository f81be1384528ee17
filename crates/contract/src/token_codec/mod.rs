//! What a token codec promises: it believes what it has signed itself, for that purpose, in time.

pub mod forgery;
pub mod keys;
mod steps;
pub mod validity;

use std::{fmt, sync::Arc};

use contacts_domain::ports::TokenCodec;

/// What the suite is run against.
#[derive(Clone)]
pub struct Codecs {
    /// What is judged.
    pub codec: Arc<dyn TokenCodec>,
    /// Another one with the same keys, as in another replica.
    pub replica: Arc<dyn TokenCodec>,
    /// One whose current key is an older key of `codec`.
    pub former: Arc<dyn TokenCodec>,
    /// One whose key `codec` does not know.
    pub stranger: Arc<dyn TokenCodec>,
    /// The current key of `codec`, with which HMAC is computed: forgers here know it, and still must
    /// fail.
    pub key: Vec<u8>,
}

impl fmt::Debug for Codecs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codecs").finish_non_exhaustive()
    }
}

/// Runs every case against codecs that the argument makes: an async function without arguments that
/// returns `Subject<Codecs>`.
#[macro_export]
macro_rules! token_codec_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            token_codec::validity,
            [
                a_token_is_read_back,
                a_token_says_whole_seconds,
                a_token_is_valid_until_it_expires,
                a_token_of_one_kind_is_refused_as_the_other,
                a_token_fits_into_a_header,
                garbage_is_refused_without_panicking,
            ]
        );
        $crate::__cases!(
            $fresh,
            token_codec::keys,
            [
                the_same_claims_make_the_same_token,
                other_claims_make_another_token,
                a_token_of_an_older_key_is_accepted,
                a_token_of_an_unknown_key_is_refused,
                the_older_key_signs_nothing_new,
                many_threads_sign_and_verify_at_once,
            ]
        );
        $crate::__cases!(
            $fresh,
            token_codec::forgery,
            [
                every_part_of_a_token_is_protected,
                parts_of_two_tokens_do_not_mix,
                a_signature_of_another_key_is_refused_under_any_header,
                an_unsigned_token_is_refused,
                another_algorithm_is_refused,
                another_issuer_is_refused,
                another_audience_is_refused,
                another_type_is_refused,
                a_token_that_lacks_a_claim_is_refused,
                a_claim_of_another_type_is_refused,
                a_claim_that_nobody_knows_is_refused,
            ]
        );
    };
}
