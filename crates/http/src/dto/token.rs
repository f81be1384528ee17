use contacts_application::sessions::{LoginAttempt, RefreshRequest, TokenPair};
use contacts_domain::validation::ValidationErrors;
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use crate::{
    json::{Fields, FromFields},
    openapi::Document,
};

/// Tokens to call with.
#[derive(Apiv2Schema, Serialize)]
pub(crate) struct Tokens {
    access_token: String,
    refresh_token: String,
    token_type: &'static str,
    expires_in: u64,
}

impl From<TokenPair> for Tokens {
    fn from(pair: TokenPair) -> Self {
        let TokenPair { access_token, refresh_token, expires_in } = pair;
        Self { access_token, refresh_token, token_type: "bearer", expires_in: expires_in.as_secs() }
    }
}

/// E-mail and password.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `LoginAttempt` is read from")]
pub(crate) struct LoginInput {
    email: String,
    password: String,
}

impl FromFields for LoginAttempt {
    type Schema = LoginInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { email: fields.text("email"), password: fields.text("password"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

/// A refresh token.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `RefreshRequest` is read from")]
pub(crate) struct RefreshInput {
    refresh_token: String,
}

impl FromFields for RefreshRequest {
    type Schema = RefreshInput;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { refresh_token: fields.text("refresh_token"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

pub(super) fn describe(document: &mut Document) {
    document
        .property("LoginInput", "email", json!({"example": "ada@example.com"}))
        .property(
            "LoginInput",
            "password",
            json!({
                "format": "password", "example": "correct horse battery staple",
            }),
        )
        .all_required("Tokens")
        .property("Tokens", "token_type", json!({"enum": ["bearer"]}))
        .property(
            "Tokens",
            "expires_in",
            json!({
                "description": "Seconds until the access token expires.", "minimum": 0, "example": 900,
            }),
        )
        .property("Tokens", "access_token", json!({"description": "Sent with each request."}))
        .property("Tokens", "refresh_token", json!({"description": "Exchanged for a new pair."}))
        .form(
            "logIn",
            json!({
                "type": "object",
                "description": "OAuth2's password flow (RFC 6749 section 4.3.2).",
                "required": ["username", "password"],
                "properties": {
                    "grant_type": {"type": "string", "description": "`password`; nothing else is asked for.", "example": "password"},
                    "username": {"type": "string", "description": "The e-mail.", "example": "ada@example.com"},
                    "password": {"type": "string", "format": "password", "example": "correct horse battery staple"},
                    "scope": {"type": "string"},
                    "client_id": {"type": "string"},
                    "client_secret": {"type": "string"},
                },
                "additionalProperties": false,
            }),
        );
    for schema in ["LoginInput", "RefreshInput"] {
        document.closed(schema, schema, &[]);
    }
}
