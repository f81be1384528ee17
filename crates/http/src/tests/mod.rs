//! What surrounds the routes, tested around the routes themselves. The ports are stand-ins: what is behind
//! them is tested elsewhere.

mod avatars;
mod contacts;
mod cors;
mod database;
mod exports;
mod headers;
mod limits;
mod logs;
mod long_bodies;
mod pages;
mod reading;
mod samples;
mod shutdown;
mod world;

pub(crate) use self::{
    samples::a_contact,
    world::{World, a_user},
};
