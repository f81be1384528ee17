//! Accounts: registration, login, tokens, the user's own settings.

mod login;
mod profile;
mod refresh;
mod registration;
mod registration_race;
mod tokens;
