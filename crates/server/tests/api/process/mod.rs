//! The program: its commands, its settings, its start.

mod commands;
mod configuration;
mod demo;
mod migrations;
mod restart;
