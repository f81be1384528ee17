//! Sessions: how they go on, and what ends them.

mod audit;
mod deletion;
mod key_rotation;
mod list;
mod logout;
mod password_change;
mod races;
mod refresh;
mod reuse;
mod token_kinds;
