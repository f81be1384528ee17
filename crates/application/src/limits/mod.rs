//! Limits: how often somebody may ask.

mod contact_requests;
mod login;
mod refresh;

pub use contact_requests::{CountContactRequest, Counted};
pub(crate) use login::LoginLimits;
pub(crate) use refresh::RefreshLimit;

use contacts_domain::rate_limit::{RateDecision, RateLimit, Verdict};

use crate::{Dependencies, Error, Result};

/// How often each may be done. `None` = as often as anybody likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests of one user to their contacts.
    pub contacts: Option<RateLimit>,
    /// Attempts to log in to one account from one address.
    pub login: Option<RateLimit>,
    /// Refreshes of one session.
    pub refresh: Option<RateLimit>,
}

/// The limits that a face asks for itself.
pub struct Limits {
    /// For each request to contacts, once.
    pub count_contact_request: CountContactRequest,
}

impl Limits {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { rate_limiter, policy, .. } = dependencies;
        Self {
            count_contact_request: CountContactRequest {
                limiter: rate_limiter.clone(),
                limit: policy.rate_limits.contacts,
            },
        }
    }
}

/// Where a limiter cannot tell, nobody is refused: a limit protects the service, and must not be what
/// stops it.
fn judge(decision: Option<RateDecision>) -> Result<()> {
    match decision.map(|decision| decision.verdict) {
        None | Some(Verdict::Allowed) => Ok(()),
        Some(Verdict::Refused { retry_after }) => Err(Error::RateLimited { retry_after }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn nobody_is_refused_where_the_limiter_cannot_tell() {
        assert!(judge(None).is_ok());
    }

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let decision = |verdict| Some(RateDecision { verdict, remaining: 0, reset: Duration::from_secs(60) });
        assert!(judge(decision(Verdict::Allowed)).is_ok());
        let refused = judge(decision(Verdict::Refused { retry_after: Duration::from_secs(7) }));
        let Err(Error::RateLimited { retry_after }) = refused else { panic!("{refused:?}") };
        assert_eq!(retry_after.as_secs(), 7);
    }
}
