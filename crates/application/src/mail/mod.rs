//! Mails: ordered by other use cases, sent by a worker.

mod backlog;
mod dead_letters;
mod deliver;
mod prepare;

pub use backlog::MeasureBacklog;
pub use dead_letters::{ListDeadMails, RequeueMails};
pub use deliver::{DeliverMail, Delivery};

use crate::Dependencies;
use prepare::PrepareMail;

/// What is done with mails.
pub struct Mails {
    /// Sends one mail, where one is due.
    pub deliver: DeliverMail,
    /// How much waits, for operators.
    pub measure_backlog: MeasureBacklog,
}

impl Mails {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, mailer, link_tokens, clock, ids, policy, .. } = dependencies;
        Self {
            measure_backlog: MeasureBacklog { store: store.clone(), clock: clock.clone() },
            deliver: DeliverMail {
                store: store.clone(),
                mailer: mailer.clone(),
                prepare: PrepareMail {
                    store: store.clone(),
                    link_tokens: link_tokens.clone(),
                    clock: clock.clone(),
                    public_url: policy.public_url.as_str().into(),
                },
                clock: clock.clone(),
                ids: ids.clone(),
            },
        }
    }
}
