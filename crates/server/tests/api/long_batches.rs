//! `POST /contacts/batch` with bodies that are long, or say that they are.

use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, ada, eventually, merged, on_both_databases};

on_both_databases!(who_never_ends_their_batches_denies_them_to_nobody_else);

/// Begins a batch with these headers, sends so much of it, and no more.
fn begin(address: SocketAddr, token: &str, length: &str, sent: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "POST /api/v1/contacts/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json";
    write!(stream, "{head}\r\nAuthorization: Bearer {token}\r\n{length}\r\n\r\n").unwrap();
    stream.write_all(sent).unwrap();
    stream
}

/// A batch of 300 KB.
fn long() -> Value {
    let contact = merged(ada(), json!({"additional_data": "x".repeat(10_000)}));
    json!({"operations": vec![json!({"op": "create", "contact": contact}); 30]})
}

async fn send(user: &Client) -> Answer {
    user.post("/contacts/batch", long()).await
}

async fn who_never_ends_their_batches_denies_them_to_nobody_else(app: App) {
    let (user, other) = (app.register("user@example.com").await, app.register("other@example.com").await);
    let address = app.origin().socket_addrs(|| None).unwrap()[0];
    let spaces = vec![b' '; 300_000];
    // Those that only promise much, or come in chunks of which few came, are in nobody's way, not even their sender's.
    let promised = ["Content-Length: 10000000", "Transfer-Encoding: chunked"];
    let _promised: Vec<_> =
        promised.iter().cycle().take(20).map(|length| begin(address, user.token(), length, b"1\r\n \r\n")).collect();
    send(&user).await.expect(200);

    let begun: Vec<_> = (0..10).map(|_| begin(address, user.token(), promised[0], &spaces)).collect();
    let patience = Duration::from_secs(25);
    let refused = eventually("both places of the user are taken", patience, async || {
        let answer = send(&user).await;
        (answer.status != 200).then_some(answer)
    });
    let refused = refused.await;
    refused.problem(503, "busy");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0, "{refused}");
    send(&other).await.expect(200);
    // What is short needs no place.
    user.post("/contacts/batch", json!({"operations": [{"op": "create", "contact": ada()}]})).await.expect(200);

    drop(begun);
    eventually("places are given back", patience, async || (send(&user).await.status == 200).then_some(())).await;
}
