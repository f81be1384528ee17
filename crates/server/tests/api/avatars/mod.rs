//! Pictures of users: `PUT` and `DELETE /users/me/avatar`, and what everybody sees.

mod cloudinary;
mod leaving;
mod media;
mod pixels;
mod refusals;
mod showing;

use std::{fs, path::Path};

use contacts_contract::avatar_pipeline::pictures;
use image::ImageFormat;
use reqwest::Url;
use serde_json::Value;

use crate::harness::{Answer, App};

/// A picture of four quarters that is no square.
fn picture(format: ImageFormat) -> Vec<u8> {
    pictures::opaque(&pictures::quarters(640, 400), format)
}

/// Where the picture of this user is shown.
#[track_caller]
fn shown_at(user: &Value) -> Url {
    Url::parse(user["avatar_url"].as_str().unwrap_or_else(|| panic!("no picture: {user}"))).unwrap()
}

/// What everybody sees who asks this server for the picture at a URL of it.
async fn seen(app: &App, url: &Url) -> Answer {
    assert_eq!(url.origin(), app.origin().origin(), "the picture is shown by this server");
    app.root().get(url.path()).await
}

/// The names of the files that are kept where pictures lie on disk.
fn kept(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("data/media/avatars")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
