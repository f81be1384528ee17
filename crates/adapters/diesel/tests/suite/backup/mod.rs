//! Archives: what goes into one comes out of it, on either database; and what is no whole archive changes nothing.

mod filled;
mod one_moment;
mod refusals;
mod round_trips;
mod tools;
