//! The API: uploads, destructions, and who may ask for them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use contacts_domain::avatar::AvatarFormat;
use serde_json::json;
use sha1::{Digest, Sha1};

use super::{
    API_KEY, API_SECRET, CLOUD, media,
    message::{Request, Response},
};

pub(super) const HOST: &str = "api.cloudinary.com";

/// How the fake answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// As Cloudinary does.
    Normal,
    /// With a message of what is wrong.
    Error(String),
    /// Like a gateway that cannot reach what is behind it.
    Garbage,
    /// With JSON that means nothing.
    Strange,
    /// Not at all, while the connection stays open.
    Silence,
    /// By hanging up once the request is read.
    Disconnect,
}

/// A request, as far as tests ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// `image/upload` or `image/destroy`, below the account.
    pub action: String,
    /// The fields of its form but for the file.
    pub fields: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(super) struct Service {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    answer: Answer,
    pictures: BTreeMap<String, (AvatarFormat, Vec<u8>)>,
    requests: Vec<Seen>,
}

impl Default for Service {
    fn default() -> Self {
        let state = State { answer: Answer::Normal, pictures: BTreeMap::new(), requests: Vec::new() };
        Self { state: Mutex::new(state) }
    }
}

impl Service {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn answer(&self) -> Answer {
        self.state().answer.clone()
    }

    pub(super) fn set_answer(&self, answer: Answer) {
        self.state().answer = answer;
    }

    pub(super) fn stored(&self) -> BTreeMap<String, Vec<u8>> {
        self.state().pictures.iter().map(|(id, (_, bytes))| (id.clone(), bytes.clone())).collect()
    }

    pub(super) fn picture(&self, public_id: &str, extension: &str) -> Option<(AvatarFormat, Vec<u8>)> {
        let picture = self.state().pictures.get(public_id).cloned();
        picture.filter(|(format, _)| format.extension() == extension)
    }

    pub(super) fn requests(&self) -> Vec<Seen> {
        self.state().requests.clone()
    }

    pub(super) fn note(&self, request: &Request) {
        let mut fields = request.form().unwrap_or_default();
        fields.remove("file");
        let prefix = format!("/v1_1/{CLOUD}/");
        let action = request.target.strip_prefix(prefix.as_str()).unwrap_or(&request.target).to_owned();
        self.state().requests.push(Seen { action, fields });
    }

    pub(super) fn respond(&self, request: &Request) -> Response {
        let result = self.admit(request).and_then(|(action, form)| match action {
            "image/upload" => self.upload(&form),
            "image/destroy" => self.destroy(&form),
            other => Err(error(404, &format!("unknown action {other}"))),
        });
        result.unwrap_or_else(|refusal| refusal)
    }

    /// The action and its form, of whoever knows the secret.
    fn admit<'a>(&self, request: &'a Request) -> Result<(&'a str, BTreeMap<String, String>), Response> {
        let account = request.target.strip_prefix("/v1_1/").and_then(|rest| rest.split_once('/'));
        let (cloud, action) = account.ok_or_else(|| error(404, "unknown path"))?;
        let form = request.form().filter(|_| request.method == "POST").ok_or_else(|| error(400, "Missing form"))?;
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if field("api_key") != API_KEY {
            return Err(error(401, &format!("Invalid api_key {}", field("api_key"))));
        }
        if cloud != CLOUD {
            return Err(error(401, "cloud_name mismatch"));
        }
        if field("timestamp").parse::<u64>().is_err() {
            return Err(error(400, "Missing required parameter - timestamp"));
        }
        let signed = to_sign(&form);
        if field("signature") != signature(&signed) {
            let message = format!("Invalid Signature {}. String to sign - '{signed}'.", field("signature"));
            return Err(error(401, &message));
        }
        Ok((action, form))
    }

    fn upload(&self, form: &BTreeMap<String, String>) -> Result<Response, Response> {
        let id = form.get("public_id").ok_or_else(|| error(400, "Missing required parameter - public_id"))?;
        let file = form.get("file").ok_or_else(|| error(400, "Missing required parameter - file"))?;
        let (format, bytes) = picture(file).ok_or_else(|| error(400, "Invalid image file"))?;
        let url = media::url(id, format);
        let answer = json!({
            "asset_id": "b5e6d2b39ba3e0869d67141ba7dba6cf",
            "public_id": id,
            "version": 1,
            "version_id": "98f52566f43d8e516a486958a45c1eb9",
            "signature": signature(&format!("public_id={id}&version=1")),
            "width": 512,
            "height": 512,
            "format": format.extension(),
            "resource_type": "image",
            "created_at": "2026-11-22T07:18:00Z",
            "tags": [],
            "bytes": bytes.len(),
            "type": "upload",
            "etag": "1adf8d2ad3954f6270d69860cb126b24",
            "placeholder": false,
            "url": url.replacen("https", "http", 1),
            "secure_url": url,
            "folder": "avatars",
            "api_key": API_KEY,
        });
        self.state().pictures.insert(id.clone(), (format, bytes));
        Ok(Response::json(200, &answer))
    }

    fn destroy(&self, form: &BTreeMap<String, String>) -> Result<Response, Response> {
        let id = form.get("public_id").ok_or_else(|| error(400, "Missing required parameter - public_id"))?;
        let found = self.state().pictures.remove(id).is_some();
        Ok(Response::json(200, &json!({ "result": if found { "ok" } else { "not found" } })))
    }
}

pub(super) fn error(status: u16, message: &str) -> Response {
    Response::json(status, &json!({ "error": { "message": message } }))
}

/// The picture of a data URL.
fn picture(file: &str) -> Option<(AvatarFormat, Vec<u8>)> {
    let (media_type, data) = file.strip_prefix("data:")?.split_once(";base64,")?;
    let format = AvatarFormat::ALL.into_iter().find(|format| format.media_type() == media_type)?;
    Some((format, STANDARD.decode(data).ok()?))
}

/// The parameters that a signature covers, in the order of their names.
fn to_sign(form: &BTreeMap<String, String>) -> String {
    let signed = form.iter().filter(|(name, _)| {
        !matches!(name.as_str(), "file" | "cloud_name" | "resource_type" | "api_key" | "signature")
    });
    signed.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn signature(signed: &str) -> String {
    Sha1::digest(format!("{signed}{API_SECRET}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_covers_all_but_the_file_and_the_account_in_order() {
        let form = ["timestamp", "public_id", "eager", "file", "api_key", "signature", "resource_type", "cloud_name"];
        let form = form.map(|name| (name.to_owned(), format!("of-{name}")));
        let signed = to_sign(&BTreeMap::from(form));
        assert_eq!(signed, "eager=of-eager&public_id=of-public_id&timestamp=of-timestamp");
    }
}
