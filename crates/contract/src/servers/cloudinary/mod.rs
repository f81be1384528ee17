//! A Cloudinary of one's own: it receives, keeps, serves and destroys pictures, and refuses requests that
//! are not signed, as the real one does.
//!
//! The name of the real service is fixed in its client, and so is TLS. So this one is a proxy, of the kind
//! that clients find in `HTTPS_PROXY`: whoever asks it for a tunnel to Cloudinary speaks to the fake, whose
//! certificate an authority has signed that is found in `SSL_CERT_FILE`. Both are read from the environment
//! of a process: what is tested runs in a process of its own, which is given [`FakeCloudinary::environment`].

mod authority;
mod media;
mod message;
mod service;
mod tunnel;

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;
use tokio::runtime::Runtime;

pub use media::read;
use service::Service;
pub use service::{Answer, Seen};

/// The account that the fake knows.
pub const CLOUD: &str = "contacts-test";
/// Made up: it opens nothing.
pub const API_KEY: &str = "874837483274837";
/// Made up, with characters that a URL must escape.
pub const API_SECRET: &str = "a/secret&of+tests";

/// Runs until it is dropped, on threads of its own: a test that blocks does not stop it.
pub struct FakeCloudinary {
    address: SocketAddr,
    authority: PathBuf,
    service: Arc<Service>,
    runtime: Option<Runtime>,
    _folder: TempDir,
}

impl FakeCloudinary {
    /// Listens on a free port of 127.0.0.1, with an authority and a certificate of its own.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let authority = folder.path().join("ca.pem");
        let acceptor = authority::acceptor(&authority);
        let service = Arc::new(Service::default());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        runtime.spawn(tunnel::serve(listener, acceptor, service.clone()));
        Self { address, authority, service, runtime: Some(runtime), _folder: folder }
    }

    /// Its account, in the form of `CLOUDINARY_URL`.
    pub fn account_url(&self) -> String {
        account_url(API_SECRET)
    }

    /// What `HTTPS_PROXY` is to be.
    pub fn proxy_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The certificate of the authority to trust: what `SSL_CERT_FILE` is to be.
    pub fn ca_pem_path(&self) -> &Path {
        &self.authority
    }

    /// What leads a process to this service. `NO_PROXY` and its like must not be set beside it.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [("HTTPS_PROXY", self.proxy_url()), ("SSL_CERT_FILE", self.authority.display().to_string())]
    }

    /// How it answers from now on.
    pub fn set_answer(&self, answer: Answer) {
        self.service.set_answer(answer);
    }

    /// What it keeps: the bytes of each picture, by its public id.
    pub fn stored(&self) -> BTreeMap<String, Vec<u8>> {
        self.service.stored()
    }

    /// The requests to its API that it was sent, in their order, whatever it answered.
    pub fn requests(&self) -> Vec<Seen> {
        self.service.requests()
    }
}

impl Drop for FakeCloudinary {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Dropped, it would wait for its tasks, which a test may not do.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for FakeCloudinary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCloudinary").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The account of the fake, with some secret.
pub fn account_url(secret: &str) -> String {
    let escaped: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("cloudinary://{API_KEY}:{escaped}@{CLOUD}")
}
