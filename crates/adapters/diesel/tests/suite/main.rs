//! Both databases, for real.

mod contract;
mod databases;
mod faults;
mod migrations;
mod schema;
