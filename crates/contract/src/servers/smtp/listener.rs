//! The port of a server: held while it is down, and everybody who is connected while it is up.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, mpsc::Sender},
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::mpsc::UnboundedReceiver,
    task::JoinSet,
};

use super::{Shared, conversation::converse};

/// How many clients may wait to be let in.
const BACKLOG: u32 = 128;

/// What a server that listens may be told. It answers when it is done.
pub(super) enum Order {
    /// End every connection, and go on listening.
    HangUp(Sender<()>),
    /// End every connection, and listen no more.
    Stop(Sender<()>),
}

/// A port that nobody else gets, and on which nobody answers: clients are refused at once.
pub(super) fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections that have ended linger on the port for a while, and would keep it from us.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Begins to listen; within a runtime.
pub(super) fn listen(socket: TcpSocket) -> io::Result<TcpListener> {
    socket.listen(BACKLOG)
}

/// Speaks with every client until it is told to stop.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, mut orders: UnboundedReceiver<Order>) {
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            client = listener.accept() => {
                let (client, _) = client.expect("a connection");
                shared.count_connection();
                // Whoever hangs up is no concern of others.
                clients.spawn(converse(client, shared.clone()));
            }
            order = orders.recv() => {
                clients.shutdown().await;
                // Whoever gave the order may have stopped waiting.
                match order {
                    Some(Order::HangUp(done)) => {
                        let _ = done.send(());
                    }
                    Some(Order::Stop(done)) => {
                        drop(listener);
                        let _ = done.send(());
                        return;
                    }
                    None => return,
                }
            }
        }
    }
}
