use actix_multipart::{Multipart, MultipartError};
use actix_web::{
    HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::header::{self, HeaderMap},
    web::Data,
};
use contacts_domain::{
    avatar::MAX_UPLOAD_BYTES,
    validation::{Violation, ViolationCode},
};
use futures_util::StreamExt;
use paperclip::v2::models::DefaultOperationRaw;

use super::{
    Asker, Input, QueryFields,
    body::{BODY_TIMEOUT, announced_length},
    coding::refuse_encoded,
};
use crate::{
    json::escape,
    media_types::MULTIPART,
    openapi,
    problem::{Code, Problem},
    state::State,
};

/// The largest body, in bytes: the file, and what a form puts around it.
const MAX_BODY: usize = MAX_UPLOAD_BYTES + 64 * 1024;
/// How many parts are looked at: one is right, and some more are told what is wrong with them.
const MAX_PARTS: usize = 64;
/// The part that is the file.
const FILE: &str = "file";

/// The file of a form (`multipart/form-data`, RFC 7578) whose only part is `file`. It is read as it comes and
/// refused as soon as it is too large. Where many are being read, it waits for its turn
/// ([`Places`](crate::places::Places)). As with any body, query parameters are faults.
pub(crate) struct Upload(pub(crate) Vec<u8>);

impl Input for Upload {
    async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        if announced_length(request).is_some_and(|length| length > MAX_BODY) {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        refuse_encoded(request)?;
        if !is_multipart(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        let state = request.app_data::<Data<State>>().ok_or_else(|| Problem::internal("the state is missing"))?;
        let _place = state.uploads().place(Asker::of(request)?).await?;
        let mut read = 0;
        let bounded = payload.take().map(move |chunk| {
            let chunk = chunk?;
            read += chunk.len();
            if read > MAX_BODY { Err(PayloadError::Overflow) } else { Ok(chunk) }
        });
        let form = Multipart::new(request.headers(), bounded);
        let reading = tokio::time::timeout(BODY_TIMEOUT, collect(form, request.query_string()));
        reading.await.unwrap_or_else(|_| Err(Problem::new(Code::RequestTimeout))).map(Self)
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        openapi::refuse(
            operation,
            &[
                Code::PayloadTooLarge,
                Code::RequestTimeout,
                Code::UnsupportedMediaType,
                Code::MalformedMultipart,
                Code::ValidationFailed,
            ],
        );
    }
}

async fn collect(mut form: Multipart, query: &str) -> Result<Vec<u8>, Problem> {
    let mut errors = QueryFields::parse(query, &[]).errors;
    let mut file = None;
    let mut parts = 0;
    while let Some(part) = form.next().await {
        let mut part = part.map_err(broken)?;
        parts += 1;
        if parts > MAX_PARTS {
            return Err(malformed(format!("The form has more than {MAX_PARTS} parts.")));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(broken)?;
            if name != FILE {
                continue;
            }
            if bytes.len() + chunk.len() > MAX_UPLOAD_BYTES {
                return Err(Problem::new(Code::PayloadTooLarge));
            }
            bytes.extend_from_slice(&chunk);
        }
        if name != FILE {
            errors.push(Violation::new(ViolationCode::UnknownField, "There is no such field.").at(escape(&name)));
        } else if file.replace(bytes).is_some() {
            errors.push(Violation::new(ViolationCode::TooMany, "There is one picture.").at(FILE));
        }
    }
    if file.is_none() {
        errors.push(Violation::required().at(FILE));
    }
    errors.into_result(file.unwrap_or_default()).map_err(Problem::from)
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(MULTIPART))
}

fn broken(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => Problem::new(Code::PayloadTooLarge),
        other => malformed(format!("{other}.")),
    }
}

fn malformed(detail: String) -> Problem {
    Problem::new(Code::MalformedMultipart).with_detail(detail)
}
