//! Bodies that nobody reads, for the head of the request decides what is answered.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
};

use crate::harness::{App, Setup};

const LENGTH: usize = 1_000_000;

/// A request whose body is announced.
fn head(path: &str, headers: &[&str], length: usize) -> String {
    let mut head = format!("POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
    for header in headers {
        head.push_str(&format!("{header}\r\n"));
    }
    format!("{head}Content-Length: {length}\r\n\r\n")
}

fn connection(app: &App) -> TcpStream {
    TcpStream::connect(app.origin().socket_addrs(|| None).unwrap()[0]).unwrap()
}

/// The lines of the next answer's head; its body is passed over.
fn next_answer(reader: &mut impl BufRead) -> Vec<String> {
    let lines: Vec<_> =
        reader.by_ref().lines().map(|line| line.unwrap().to_lowercase()).take_while(|line| !line.is_empty()).collect();
    let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    lines
}

#[tokio::test]
async fn who_sends_its_body_after_the_answer_has_it_and_an_orderly_end() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    let authorization = format!("Authorization: Bearer {}", user.token());
    for (headers, status) in [(&[][..], "401"), (&[authorization.as_str()], "413")] {
        let mut stream = connection(&app);
        stream.write_all(head("/contacts", headers, LENGTH).as_bytes()).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let answer = next_answer(&mut reader);
        assert!(answer[0].starts_with(&format!("http/1.1 {status}")), "{answer:?}");
        assert!(answer.contains(&"connection: close".to_owned()), "{answer:?}");
        stream.write_all(&vec![b' '; LENGTH]).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(reader.read_to_end(&mut vec![]).unwrap(), 0);
    }
}

#[tokio::test]
async fn a_refusal_whose_body_came_with_its_head_leaves_the_connection_open() {
    let app = Setup::sqlite().start();
    let mut stream = connection(&app);
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for _ in 0..3 {
        stream.write_all(format!("{}{{}}", head("/contacts", &[], 2)).as_bytes()).unwrap();
        let answer = next_answer(&mut reader);
        assert!(answer[0].starts_with("http/1.1 401"), "{answer:?}");
        assert!(!answer.contains(&"connection: close".to_owned()), "{answer:?}");
    }
}
