//! Mail by SMTP, or into files where no server is set.
