//! Something between an adapter and Redis that can fail on demand.

use std::{future::pending, net::SocketAddr};

use redis::{ConnectionAddr, IntoConnectionInfo};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// Passes everything on to Redis until it is frozen or stopped.
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    is_frozen: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Proxy {
    pub(super) async fn start(url: &str, address: SocketAddr) -> Self {
        let (host, port) = server(url);
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_frozen, frozen) = watch::channel(false);
        let task = tokio::spawn(async move {
            // Dropped with the task, and every connection with it.
            let mut connections = JoinSet::new();
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let (host, mut frozen) = (host.clone(), frozen.clone());
                connections.spawn(async move {
                    let mut server = TcpStream::connect((host, port)).await.unwrap();
                    tokio::select! {
                        biased;
                        _ = frozen.wait_for(|is_frozen| *is_frozen) => {}
                        _ = copy_bidirectional(&mut client, &mut server) => return,
                    }
                    pending().await
                });
            }
        });
        Self { address, is_frozen, task }
    }

    /// From now on nothing is passed on, and nothing closed. A connection stays so for ever.
    pub(super) fn freeze(&self) {
        self.is_frozen.send_replace(true);
    }

    /// New connections work again.
    pub(super) fn thaw(&self) {
        self.is_frozen.send_replace(false);
    }

    /// Closes all connections and accepts no more.
    pub(super) async fn stop(mut self) -> SocketAddr {
        self.task.abort();
        let _ = (&mut self.task).await;
        self.address
    }

    /// The URL of Redis, by way of this.
    pub(super) fn url(&self, url: &str) -> String {
        let (host, port) = server(url);
        let direct = format!("{host}:{port}");
        assert!(url.contains(&direct), "TEST_REDIS_URL must name a host and a port");
        url.replacen(&direct, &self.address.to_string(), 1)
    }
}

fn server(url: &str) -> (String, u16) {
    match url.into_connection_info().unwrap().addr() {
        ConnectionAddr::Tcp(host, port) => (host.clone(), *port),
        other => panic!("TEST_REDIS_URL must be a redis:// URL, not one of {other}"),
    }
}
