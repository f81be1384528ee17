//! Clients that hang up in the middle of a write.

use std::{io::Write, net::TcpStream, thread};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{Client, Setup, ada, merged, named, on_both_databases};

on_both_databases!(a_contact_whose_sender_hangs_up_is_there_wholly_or_not_at_all);

const CLIENTS: usize = 96;
/// Of the server's database.
const CONNECTIONS: usize = 4;

/// A contact long enough to be cut anywhere.
fn contact(number: usize) -> Value {
    let text = json!({"additional_data": "x".repeat(9_000)});
    merged(named("Somebody", &format!("Number {number:02}")), text)
}

/// How much of its body a client sends: every fourth one nothing, or almost all, or all; the others break
/// off anywhere.
fn sent(number: usize, length: usize) -> usize {
    match number % 4 {
        0 => [0, length - 1][number / 4 % 2],
        1 | 2 => length,
        _ => length * number / CLIENTS,
    }
}

/// Sends the head of a creation and so much of its body, and hangs up.
fn hang_up(address: std::net::SocketAddr, token: &str, body: &[u8], sent: usize) {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body[..sent]).unwrap();
}

async fn a_contact_whose_sender_hangs_up_is_there_wholly_or_not_at_all(setup: Setup) {
    let app = setup.env("DATABASE_POOL_SIZE", &CONNECTIONS.to_string()).start();
    let user = app.register("user@example.com").await;
    let address = app.origin().socket_addrs(|| None).unwrap()[0];
    let bodies: Vec<_> = (0..CLIENTS).map(|number| contact(number).to_string().into_bytes()).collect();
    thread::scope(|scope| {
        for (number, body) in bodies.iter().enumerate() {
            let user = &user;
            scope.spawn(move || hang_up(address, user.token(), body, sent(number, body.len())));
        }
    });
    assert_pool_is_whole(&user).await;

    let pages = user.pages("/contacts", &[("first_name", "Somebody")]).await;
    for found in pages.iter().flatten() {
        let number: usize = found["last_name"].as_str().unwrap().trim_start_matches("Number ").parse().unwrap();
        let length = bodies[number].len();
        assert_eq!(sent(number, length), length, "{found} was never sent as a whole");
        let whole = contact(number);
        assert_eq!(merged(found.clone(), whole), *found, "nothing of it is missing");
    }
}

/// As many requests at once as there are connections succeed: nobody who went away has kept one.
async fn assert_pool_is_whole(user: &Client) {
    for _ in 0..3 {
        let mut requests = JoinSet::new();
        for _ in 0..CONNECTIONS {
            requests.spawn(user.post("/contacts", ada()).into_future());
            requests.spawn(user.get("/contacts").into_future());
        }
        for answer in requests.join_all().await {
            assert!([200, 201].contains(&answer.status), "{answer}");
        }
    }
}
