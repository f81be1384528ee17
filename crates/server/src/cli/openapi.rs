//! `contacts openapi`: what the API says about itself, without a server.

use clap::Command;

use crate::{
    failure::{Failure, Outcome},
    output,
};

pub(super) fn command() -> Command {
    Command::new("openapi").about("Prints the OpenAPI document; needs no configuration")
}

pub(super) fn run() -> Outcome {
    let document = contacts_http::openapi_document();
    let text = serde_json::to_string_pretty(&document)
        .map_err(|error| Failure::because("Cannot write the OpenAPI document", &error))?;
    Ok(output::print(&format!("{text}\n"))?)
}
