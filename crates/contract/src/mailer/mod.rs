//! What a mailer promises: a letter arrives as it was meant, with whom it was meant for, and no text in it can
//! change that.
//!
//! What a mailer does when nobody takes its mails is for each adapter to show.

mod arrivals;
mod headers;
mod hostile;
mod letters;
mod steps;

use std::{fmt, sync::Arc};

use contacts_domain::ports::Mailer;

pub use arrivals::{Arrived, Mailbox};
#[doc(hidden)]
pub use headers::*;
#[doc(hidden)]
pub use hostile::*;
#[doc(hidden)]
pub use letters::*;

/// What the suite is run against: a mailer, and where its mails arrive. Nobody else sends there.
#[derive(Clone)]
pub struct Post {
    /// What is judged.
    pub mailer: Arc<dyn Mailer>,
    /// Looks at what arrived, as a mail program of the recipient does.
    pub mailbox: Arc<dyn Mailbox>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}

/// Runs every case against a post that the argument makes: an async function without arguments that
/// returns `Subject<Post>`.
#[macro_export]
macro_rules! mailer_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            mailer,
            [
                every_letter_arrives_in_both_languages,
                letters_and_languages_differ,
                a_link_stands_in_both_parts_and_says_how_long_it_works,
                a_new_address_stands_in_both_parts,
                a_name_with_markup_is_text,
                the_message_id_depends_on_the_id_alone,
                the_date_is_that_of_the_mail,
                machines_are_told_not_to_answer,
                names_of_any_script_arrive_as_they_are,
                a_domain_of_any_script_is_sent_in_ascii,
                mails_sent_at_once_arrive_with_whom_they_are_for,
                a_hostile_name_adds_no_header_and_no_recipient,
                a_hostile_address_adds_no_header_and_no_recipient,
                a_hostile_link_adds_no_header_and_no_recipient,
            ]
        );
    };
}
