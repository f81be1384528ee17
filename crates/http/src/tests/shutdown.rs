//! How the service ends, on real connections.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use contacts_domain::ports::PipelineError;
use tokio::task::JoinHandle;

use super::world::World;
use crate::server::{Stopper, serve};

fn start(world: World) -> (SocketAddr, Stopper, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve(listener, world.state()).unwrap();
    let stopper = server.stopper();
    (address, stopper, tokio::spawn(server.run()))
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// One request on a connection that may stay, and the whole answer.
fn get(stream: &mut TcpStream, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    read_answer(stream)
}

fn read_answer(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        assert!(read > 0, "the connection closed after: {answer:?}");
        answer.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
        let Some((head, body)) = answer.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() >= length.parse::<usize>().unwrap() {
            return answer.to_ascii_lowercase();
        }
    }
}

fn is_closed(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0]).unwrap() == 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_it_drains_everything_but_readiness_is_served_and_no_connection_is_kept() {
    let (address, stopper, running) = start(World::new());
    let mut kept = connect(address);
    for path in ["/readyz", "/healthz", "/readyz"] {
        let answer = get(&mut kept, path);
        assert!(answer.starts_with("http/1.1 200") && !answer.contains("connection: close"), "{answer}");
    }
    stopper.drain();
    let answer = get(&mut kept, "/readyz");
    assert!(answer.starts_with("http/1.1 503") && answer.contains("\"shutting_down\""), "{answer}");
    assert!(answer.contains("retry-after: ") && answer.contains("connection: close"), "{answer}");
    assert!(is_closed(&mut kept));
    for (path, status) in [("/healthz", 200), ("/nowhere", 404)] {
        let mut new = connect(address);
        let answer = get(&mut new, path);
        assert!(answer.starts_with(&format!("http/1.1 {status}")) && answer.contains("connection: close"), "{answer}");
        assert!(is_closed(&mut new));
    }
    stopper.stop().await;
    running.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn when_it_stops_idle_connections_close_and_a_request_under_way_is_answered() {
    let (begun, has_begun) = mpsc::channel();
    let go_on = Arc::new(AtomicBool::new(false));
    let mut world = World::new();
    let gate = go_on.clone();
    world.pipeline.expect_process().return_once(move |_| {
        begun.send(()).unwrap();
        while !gate.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        Err(PipelineError::Unsupported)
    });
    let (address, stopper, running) = start(world);
    let mut idle = connect(address);
    get(&mut idle, "/healthz");
    let mut busy = connect(address);
    let form = "--edge\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n1\r\n--edge--\r\n";
    write!(
        busy,
        "PUT /api/v1/users/me/avatar HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\n\
         Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    tokio::task::block_in_place(|| has_begun.recv().unwrap());

    let stopping = tokio::spawn(async move { stopper.stop().await });
    assert!(tokio::task::block_in_place(|| is_closed(&mut idle)), "an idle connection ends at once");
    assert!(!stopping.is_finished(), "a request is under way");
    go_on.store(true, Ordering::Release);
    let answer = tokio::task::block_in_place(|| read_answer(&mut busy));
    assert!(answer.starts_with("http/1.1 415") && answer.contains("connection: close"), "{answer}");
    stopping.await.unwrap();
    running.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err(), "the listener is closed");
}
