//! A load balancer in front of replicas.

use std::{
    collections::VecDeque,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use reqwest::Url;

use super::tcp_proxy::{join, pass_on};

/// Gives each connection to the next replica in turn.
pub(crate) struct Balancer {
    origin: Url,
    replicas: Arc<Mutex<VecDeque<SocketAddr>>>,
}

impl Balancer {
    /// In front of nobody yet: a connection that comes now is closed.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let replicas = Arc::<Mutex<VecDeque<SocketAddr>>>::default();
        let shared = replicas.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let next = {
                    let mut replicas = shared.lock().unwrap();
                    let next = replicas.pop_front();
                    replicas.extend(next);
                    next
                };
                // Where it fails the client finds its connection closed, which is for the test to notice.
                if let Some(replica) = next.and_then(|replica| TcpStream::connect(replica).ok()) {
                    let _ = join(client, replica, pass_on);
                }
            }
        });
        Self { origin, replicas }
    }

    /// Where clients find whoever is behind it.
    pub(crate) const fn origin(&self) -> &Url {
        &self.origin
    }

    pub(crate) fn add(&self, replica: &Url) {
        self.replicas.lock().unwrap().push_back(address(replica));
    }

    /// Connections that there are stay.
    pub(crate) fn remove(&self, replica: &Url) {
        self.replicas.lock().unwrap().retain(|known| *known != address(replica));
    }
}

fn address(replica: &Url) -> SocketAddr {
    replica.socket_addrs(|| None).unwrap()[0]
}
