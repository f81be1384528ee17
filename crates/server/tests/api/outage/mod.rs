//! PostgreSQL goes away, and comes back.

mod away;
mod killed;
