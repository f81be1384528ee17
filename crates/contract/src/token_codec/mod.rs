//! What a token codec promises: it believes what it has signed itself, for that purpose, in time.

pub mod forgery;
pub mod validity;

use std::sync::Arc;

use contacts_domain::ports::TokenCodec;

/// What the suite is run against.
#[derive(Clone)]
pub struct Codecs {
    pub codec: Arc<dyn TokenCodec>,
    /// The same with another key.
    pub stranger: Arc<dyn TokenCodec>,
    /// The key of `codec`, with which HMAC is computed: forgers here know it, and still must fail.
    pub key: Vec<u8>,
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
                a_token_is_valid_until_it_expires,
                a_token_of_one_kind_is_refused_as_the_other,
                a_token_of_another_key_is_refused,
                a_token_fits_into_a_header,
                garbage_is_refused_without_panicking,
            ]
        );
        $crate::__cases!(
            $fresh,
            token_codec::forgery,
            [
                every_part_of_a_token_is_protected,
                parts_of_two_tokens_do_not_mix,
                an_unsigned_token_is_refused,
                another_algorithm_is_refused,
                another_issuer_is_refused,
                another_audience_is_refused,
                a_token_that_lacks_a_claim_is_refused,
                a_claim_of_another_type_is_refused,
            ]
        );
    };
}
