//! Somebody who is logged in, with both tokens.

use serde_json::json;

use super::{
    client::{Client, PASSWORD, Request},
    setup::App,
};

/// What a login gave.
pub(crate) struct Session {
    /// Has the access token.
    pub(crate) client: Client,
    pub(crate) refresh_token: String,
}

impl Session {
    /// Logs a user in who is registered already.
    pub(crate) async fn begin(api: &Client, email: &str, password: &str) -> Self {
        let tokens = api.log_in(email, password).await.expect(200).json();
        Self {
            client: api.with_token(tokens["access_token"].as_str().unwrap()),
            refresh_token: tokens["refresh_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Exchanges the refresh token.
    pub(crate) fn refresh(&self) -> Request {
        self.client.refresh(&self.refresh_token)
    }

    /// The session after an exchange.
    pub(crate) async fn refreshed(&self) -> Self {
        let tokens = self.refresh().await.expect(200).json();
        Self {
            client: self.client.with_token(tokens["access_token"].as_str().unwrap()),
            refresh_token: tokens["refresh_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Asserts that neither token works any more.
    pub(crate) async fn assert_ended(&self) {
        self.client.get("/users/me").await.problem(401, "invalid_token");
        self.client.get("/contacts").await.problem(401, "invalid_token");
        self.refresh().await.problem(401, "invalid_token");
    }

    /// Asserts that the access token works.
    pub(crate) async fn assert_alive(&self) {
        self.client.get("/users/me").await.expect(200);
    }
}

impl Client {
    pub(crate) fn refresh(&self, token: &str) -> Request {
        self.post("/auth/refresh", json!({"refresh_token": token}))
    }
}

impl App {
    /// A login of a user who is registered already.
    pub(crate) async fn session(&self, email: &str) -> Session {
        Session::begin(&self.api(), email, PASSWORD).await
    }
}
