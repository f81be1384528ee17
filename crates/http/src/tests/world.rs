//! A service whose only user is Ada, on stand-ins for the ports.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    rc::Rc,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{
    body,
    dev::ServiceResponse,
    test::{self, TestRequest},
    web::Data,
};
use async_trait::async_trait;
use chrono::{TimeZone as _, Utc};
use contacts_application::{Application, Dependencies, Policy, limits::RateLimits};
use contacts_domain::{
    Timestamp,
    birthday_window::LeapDayRule,
    creation_quota::CreationQuota,
    email_address::EmailAddress,
    ids::{SessionId, UserId},
    language::Language,
    ports::{
        AccessClaims, MockAvatarPipeline, MockAvatarStore, MockClock, MockContactReader, MockIdGenerator,
        MockLinkTokens, MockMailer, MockMediaReader, MockPasswordHasher, MockTokenCodec, MockUserCache, MockUserReader,
        RateLimiter, TokenError,
    },
    rate_limit::{RateDecision, RateKey, RateLimit},
    required_fields::RequiredFields,
    session::{CachedUser, CurrentUser, SessionLifetimes},
    time_zone::TimeZone,
    user::User,
};
use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use tokio::runtime::Handle;
use uuid::Uuid;

use super::database::Database;
use crate::{
    middleware::address_guard::AddressGuards,
    server::{Shared, app, document},
    state::{Settings, State},
};

/// The only origin whose pages may send requests, where there is one.
pub(super) const ORIGIN: &str = "https://app.example.com";

/// What a test changes of the service.
pub(crate) struct World {
    pub(super) settings: Settings,
    /// Of a user's requests to contacts.
    pub(super) limit: Option<RateLimit>,
    /// What is read of contacts.
    pub(super) contacts: MockContactReader,
    pub(super) pipeline: MockAvatarPipeline,
    pub(super) media: MockMediaReader,
    pub(super) tokens: MockTokenCodec,
}

impl World {
    /// Without any limit and without CORS. Ada's token is `ada`.
    pub(crate) fn new() -> Self {
        let mut tokens = MockTokenCodec::new();
        tokens.expect_verify_access().returning(|token, _| claims(token));
        Self::verifying(tokens)
    }

    /// As [`new`](Self::new), where it matters how often a token is verified.
    pub(super) fn verifying(tokens: MockTokenCodec) -> Self {
        let settings = Settings {
            public_url: "http://contacts.example.com".into(),
            trusted_proxies: 1,
            limits: None,
            cors_origins: Vec::new(),
        };
        Self {
            settings,
            limit: None,
            contacts: MockContactReader::new(),
            pipeline: MockAvatarPipeline::new(),
            media: MockMediaReader::new(),
            tokens,
        }
    }

    pub(crate) fn state(self) -> State {
        let Self { settings, limit, contacts, pipeline, media, tokens } = self;
        let mut user_cache = MockUserCache::new();
        user_cache.expect_get().returning(|_, _| Some(CachedUser { current: ada(), read_at: now() }));
        let mut users = MockUserReader::new();
        users.expect_find().returning(|_| Ok(Some(a_user())));
        let mut clock = MockClock::new();
        clock.expect_now().returning(now);
        let mut ids = MockIdGenerator::new();
        ids.expect_next().returning(|| Uuid::from_u128(7));
        let application = Application::new(&Dependencies {
            store: Arc::new(Database { contacts, users }),
            password_hasher: Arc::new(MockPasswordHasher::new()),
            tokens: Arc::new(tokens),
            link_tokens: Arc::new(MockLinkTokens::new()),
            user_cache: Arc::new(user_cache),
            rate_limiter: Arc::new(Buckets::default()),
            mailer: Arc::new(MockMailer::new()),
            avatar_pipeline: Arc::new(pipeline),
            avatar_store: Arc::new(MockAvatarStore::new()),
            media: Some(Arc::new(media)),
            clock: Arc::new(clock),
            ids: Arc::new(MockIdGenerator::new()),
            policy: Policy {
                public_url: settings.public_url.clone(),
                session_lifetimes: SessionLifetimes {
                    access: Duration::from_secs(900),
                    idle: Duration::from_secs(86_400),
                    absolute: Duration::from_secs(86_400),
                },
                require_verified_email: false,
                rate_limits: RateLimits { contacts: limit, ..RateLimits::default() },
                creation_quota: CreationQuota::new(100, Duration::from_secs(3600)),
                required_fields: RequiredFields::default(),
            },
        });
        State::new(Arc::new(application), Arc::new(ids), settings, Handle::current())
    }

    /// The service within this thread.
    pub(super) async fn service(self) -> Site {
        Site::new(&self.shared()).await
    }

    pub(super) fn shared(self) -> Shared {
        let state = self.state();
        let guards = AddressGuards::new(state.settings(), state.meter()).unwrap();
        Shared { state: Data::new(state), document: document(), guards }
    }
}

/// What requests are sent to: one worker.
pub(super) struct Site(Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answer>>);

impl Site {
    pub(super) async fn new(shared: &Shared) -> Self {
        let service = Rc::new(test::init_service(app(shared)).await);
        Self(Box::new(move |request| {
            let service = service.clone();
            Box::pin(async move { Answer::read(test::call_service(&*service, request.to_request()).await).await })
        }))
    }
}

pub(super) async fn send(site: &Site, request: TestRequest) -> Answer {
    (site.0)(request).await
}

/// An answer as a client sees it.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HashMap<String, String>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    async fn read(response: ServiceResponse) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let Ok(body) = body::to_bytes(response.into_body()).await else { panic!("the body breaks off") };
        Self { status, headers, body: body.to_vec() }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// That it is a refusal, whole and of this code.
    #[track_caller]
    pub(super) fn assert_problem(&self, status: u16, code: &str) {
        let json = self.json();
        assert_eq!((self.status, json["code"].as_str()), (status, Some(code)), "{json}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(json["request_id"].as_str(), self.header("x-request-id"));
    }
}

/// As Ada.
pub(super) fn by_ada(request: TestRequest) -> TestRequest {
    request.insert_header(("authorization", "Bearer ada"))
}

/// A burst, and one every ten seconds.
pub(super) fn limit(burst: u32) -> RateLimit {
    let number = |number| NonZeroU32::new(number).unwrap();
    RateLimit::new(number(6), Duration::from_secs(60), number(burst)).unwrap()
}

pub(super) fn claims(token: &str) -> Result<AccessClaims, TokenError> {
    if token != "ada" {
        return Err(TokenError::Invalid);
    }
    let CurrentUser { user, session } = ada();
    let (version, issued_at, expires_at) = (user.version, now(), now());
    Ok(AccessClaims { user: user.id, session, version, issued_at, expires_at })
}

fn ada() -> CurrentUser {
    CurrentUser { user: a_user(), session: SessionId::new(Uuid::from_u128(5)) }
}

/// Ada.
pub(crate) fn a_user() -> User {
    User {
        id: UserId::new(Uuid::from_u128(0xada)),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        email_verified: true,
        name: None,
        language: Language::English,
        time_zone: TimeZone::UTC,
        leap_day_rule: LeapDayRule::Feb28,
        phone_region: None,
        avatar: None,
        version: 3,
        created_at: now(),
        updated_at: now(),
    }
}

fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 22, 20, 0, 0).unwrap()
}

/// A limiter for which no time passes.
#[derive(Default)]
struct Buckets(Mutex<HashMap<String, Duration>>);

#[async_trait]
impl RateLimiter for Buckets {
    async fn take(&self, key: &RateKey, limit: &RateLimit) -> Option<RateDecision> {
        let mut buckets = self.0.lock().unwrap();
        let full_at = buckets.entry(key.to_string()).or_default();
        let (next, decision) = limit.take(*full_at, Duration::from_secs(1000));
        *full_at = next;
        Some(decision)
    }

    async fn give_back(&self, _: &RateKey, _: &RateLimit) {}
}
