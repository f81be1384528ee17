//! `GET /users/me/export` for clients that do not read it.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::json;

use crate::harness::{App, Client, ada, eventually, merged, named, on_both_databases};

on_both_databases!(who_reads_no_export_has_two_of_them_and_is_in_nobodys_way);

const CONTACTS: usize = 300;

/// Asks for an export and reads the first line of the answer alone.
fn stall(address: SocketAddr, token: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "GET /api/v1/users/me/export HTTP/1.1\r\nHost: localhost";
    write!(stream, "{head}\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::with_capacity(64, &stream).read_line(&mut line).unwrap();
    (stream, line)
}

async fn create(user: &Client, notes: &str) {
    let contact = merged(ada(), json!({"additional_data": notes}));
    let operations = vec![json!({"op": "create", "contact": contact}); CONTACTS];
    user.post("/contacts/batch", json!({"operations": operations})).await.expect(200);
}

async fn who_reads_no_export_has_two_of_them_and_is_in_nobodys_way(app: App) {
    let (user, other) = (app.register("user@example.com").await, app.register("other@example.com").await);
    // 18 MB, six bytes for each character: far more than a connection takes unread.
    create(&user, &"\u{1}".repeat(10_000)).await;
    other.create(named("Grace", "Hopper")).await;
    let address = app.origin().socket_addrs(|| None).unwrap()[0];
    let stalled = [stall(address, user.token()), stall(address, user.token())];
    assert!(stalled.iter().all(|(_, line)| line.contains(" 200 ")), "{stalled:?}");

    let refused = user.get("/users/me/export").await;
    refused.problem(503, "busy");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0, "{refused}");
    let exported = other.get("/users/me/export").await.expect(200).json();
    assert_eq!(exported["contacts"][0]["operations"][0]["contact"]["first_name"], "Grace");
    user.get("/contacts?limit=1").await.expect(200);

    drop(stalled);
    let patience = Duration::from_secs(20);
    let whole = eventually("a place is given back", patience, async || {
        let answer = user.get("/users/me/export").await;
        (answer.status == 200).then(|| answer.json())
    });
    let batches = whole.await["contacts"].as_array().unwrap().clone();
    let sizes = batches.iter().map(|batch| batch["operations"].as_array().unwrap().len());
    assert_eq!(sizes.sum::<usize>(), CONTACTS);
}
