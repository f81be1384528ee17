//! What surrounds the routes, tested around the routes themselves. The ports are stand-ins: what is behind
//! them is tested elsewhere.

mod avatars;
mod cors;
mod headers;
mod limits;
mod pages;
mod shutdown;
mod uploads;
mod world;
