//! Somebody who asks the server.

use std::{borrow::Borrow, pin::Pin};

use reqwest::{
    Method, Url,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::{Value, json};

use super::{answer::Answer, people::merged, replicas};

/// Of every user in these tests.
pub(crate) const PASSWORD: &str = "Otter-Lantern-42-Quilt";

/// Whose answers are for people.
const PAGES: [&str; 2] = ["/verify-email", "/reset-password"];

/// A client, with a token where it is logged in. Paths are relative to its base.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
}

impl Client {
    /// The connections that clients share.
    pub(super) fn connections() -> reqwest::Client {
        // The machine's proxy has nothing to do with a server on the loopback address.
        let redirects = reqwest::redirect::Policy::none();
        let builder = reqwest::Client::builder().no_proxy().redirect(redirects);
        // A balancer knows connections alone: so each request has its own.
        let builder = if replicas::count().is_some() { builder.pool_max_idle_per_host(0) } else { builder };
        builder.build().unwrap()
    }

    /// A client of the API at this origin, where there is no [`App`](super::App) to ask for one.
    pub(crate) fn of(origin: &Url) -> Self {
        Self::new(Self::connections(), origin.join("/api/v1").unwrap())
    }

    /// A client of what lies beside the API at this origin.
    pub(crate) fn at(origin: &Url) -> Self {
        Self::new(Self::connections(), origin.clone())
    }

    pub(super) const fn new(http: reqwest::Client, base: Url) -> Self {
        Self { http, base, token: None }
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().expect("a client that is logged in")
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> Request {
        let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let builder = self.http.request(method.clone(), url);
        let builder = match &self.token {
            Some(token) => builder.bearer_auth(token),
            None => builder,
        };
        Request { method, builder }
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    pub(crate) fn head(&self, path: &str) -> Request {
        self.request(Method::HEAD, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    pub(crate) fn post(&self, path: &str, body: impl Borrow<Value>) -> Request {
        self.request(Method::POST, path).json(body.borrow())
    }

    pub(crate) fn put(&self, path: &str, body: impl Borrow<Value>) -> Request {
        self.request(Method::PUT, path).json(body.borrow())
    }

    pub(crate) fn patch(&self, path: &str, body: impl Borrow<Value>) -> Request {
        self.request(Method::PATCH, path).json(body.borrow())
    }

    /// A registration with the password of all tests, and these members besides.
    pub(crate) fn register(&self, email: &str, profile: Value) -> Request {
        self.post("/auth/register", merged(json!({"email": email, "password": PASSWORD}), profile))
    }

    pub(crate) fn log_in(&self, email: &str, password: &str) -> Request {
        self.post("/auth/login", json!({"email": email, "password": password}))
    }

    /// This client as a user who is registered already.
    pub(crate) async fn logged_in(&self, email: &str) -> Self {
        let tokens = self.log_in(email, PASSWORD).await.expect(200).json();
        self.with_token(tokens["access_token"].as_str().unwrap())
    }

    /// Creates a contact and returns it.
    pub(crate) async fn create(&self, contact: impl Borrow<Value>) -> Value {
        self.post("/contacts", contact).await.expect(201).json()
    }

    /// Creates contacts, one after the other.
    pub(crate) async fn create_all(&self, contacts: &[Value]) {
        for contact in contacts {
            self.create(contact).await;
        }
    }

    /// The first page of a list, with these parameters.
    pub(crate) async fn list(&self, parameters: &[(&str, &str)]) -> Value {
        self.get("/contacts").query(parameters).await.expect(200).json()
    }

    /// Lists page after page to the end; returns the pages.
    pub(crate) async fn pages(&self, path: &str, parameters: &[(&str, &str)]) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut query = parameters.to_vec();
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = self.get(path).query(&query).await.expect(200).json();
            pages.push(page["items"].as_array().unwrap().clone());
            assert!(pages.len() < 1000, "paging goes round in circles");
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return pages,
            }
        }
    }
}

/// A request; `await` sends it.
pub(crate) struct Request {
    method: Method,
    builder: reqwest::RequestBuilder,
}

impl Request {
    pub(crate) fn query(self, parameters: &[(&str, &str)]) -> Self {
        Self { builder: self.builder.query(parameters), ..self }
    }

    pub(crate) fn header(self, name: HeaderName, value: &str) -> Self {
        // Header values are bytes: what a test sends need not be ASCII.
        self.header_bytes(name, value.as_bytes())
    }

    pub(crate) fn header_bytes(self, name: HeaderName, value: &[u8]) -> Self {
        Self { builder: self.builder.header(name, HeaderValue::from_bytes(value).unwrap()), ..self }
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        Self { builder: self.builder.form(fields), ..self }
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { builder: self.builder.header(CONTENT_TYPE, content_type).body(body.into()), ..self }
    }

    pub(crate) fn body_without_type(self, body: impl Into<Vec<u8>>) -> Self {
        Self { builder: self.builder.body(body.into()), ..self }
    }

    /// Sends it to a server that may not be there.
    pub(crate) async fn answer(self) -> reqwest::Result<Answer> {
        let response = self.builder.send().await?;
        let what = format!("{} {}", self.method, response.url());
        let is_page = PAGES.contains(&response.url().path());
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        let to_head = self.method == Method::HEAD;
        Ok(if is_page {
            Answer::page(what, to_head, status, headers, body)
        } else {
            Answer::new(what, to_head, status, headers, body)
        })
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.answer().await.expect("the server answers") })
    }
}
