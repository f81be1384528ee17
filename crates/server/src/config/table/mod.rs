//! Every setting, in the order in which they are shown; each section has a file.
//!
//! To add one: its entry in its section's file, its name in [`SETTINGS`], and a line in the section's
//! `read`, in the same order. The flag, the dump and the help follow by themselves;
//! `contacts config example > .env.example` writes the template anew.

mod cache;
mod contacts;
mod database;
mod general;
mod http;
mod limits;
mod log;
mod mail;
mod media;
mod passwords;
mod tokens;

pub(crate) use self::{
    cache::REDIS_URL,
    contacts::{CONTACT_CREATE_LIMIT, CONTACT_CREATE_WINDOW, CONTACTS_REQUIRED_FIELDS},
    database::{AUTO_MIGRATE, DATABASE_POOL_SIZE, DATABASE_URL},
    general::{APP_ENV, DATA_DIR},
    http::{BIND_ADDRESS, CORS_ALLOWED_ORIGINS, METRICS_ADDRESS, PUBLIC_URL, SHUTDOWN_DRAIN},
    limits::{
        RATE_LIMIT_ADDRESS, RATE_LIMIT_AUTH, RATE_LIMIT_CONTACTS, RATE_LIMIT_ENABLED, RATE_LIMIT_LOGIN, TRUSTED_PROXIES,
    },
    log::{LOG_FORMAT, LOG_LEVEL},
    mail::{MAIL_FROM, REQUIRE_VERIFIED_EMAIL, SMTP_URL},
    media::CLOUDINARY_URL,
    passwords::{BCRYPT_COST, PASSWORD_PEPPER, PASSWORD_PREVIOUS_PEPPERS},
    tokens::{ACCESS_TOKEN_TTL, JWT_PREVIOUS_SECRETS, JWT_SECRET, REFRESH_TOKEN_TTL, SESSION_MAX_TTL},
};

use super::setting::Setting;

pub(crate) static SETTINGS: [&Setting; 34] = [
    &APP_ENV,
    &DATA_DIR,
    &BIND_ADDRESS,
    &METRICS_ADDRESS,
    &PUBLIC_URL,
    &SHUTDOWN_DRAIN,
    &CORS_ALLOWED_ORIGINS,
    &DATABASE_URL,
    &DATABASE_POOL_SIZE,
    &AUTO_MIGRATE,
    &REDIS_URL,
    &SMTP_URL,
    &MAIL_FROM,
    &REQUIRE_VERIFIED_EMAIL,
    &CLOUDINARY_URL,
    &JWT_SECRET,
    &JWT_PREVIOUS_SECRETS,
    &ACCESS_TOKEN_TTL,
    &REFRESH_TOKEN_TTL,
    &SESSION_MAX_TTL,
    &PASSWORD_PEPPER,
    &PASSWORD_PREVIOUS_PEPPERS,
    &BCRYPT_COST,
    &CONTACTS_REQUIRED_FIELDS,
    &CONTACT_CREATE_LIMIT,
    &CONTACT_CREATE_WINDOW,
    &RATE_LIMIT_ENABLED,
    &RATE_LIMIT_CONTACTS,
    &RATE_LIMIT_AUTH,
    &RATE_LIMIT_LOGIN,
    &RATE_LIMIT_ADDRESS,
    &TRUSTED_PROXIES,
    &LOG_FORMAT,
    &LOG_LEVEL,
];

/// Names that a later version gives a meaning. Somebody who sets one expects it to do something, so
/// they are told that it does not yet.
pub(crate) const LATER: [&str; 1] = ["METRICS_ADDRESS"];
