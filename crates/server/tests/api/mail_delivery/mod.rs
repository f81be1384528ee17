//! Mails arrive, whatever happens.
