//! Exports of clients that do not read them, on real connections.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use contacts_domain::{
    contact::Contact,
    ids::ContactId,
    notes::Notes,
    ports::{MockContactReader, RepositoryResult},
};
use tokio::task::block_in_place;
use uuid::Uuid;

use super::{a_contact, world::World};
use crate::server::serve;

/// So long that only a service that hangs exceeds it.
const HANGING: Duration = Duration::from_secs(60);

/// A service whose only user has more contacts than any connection takes unread.
fn start(patience: Duration) -> SocketAddr {
    let mut contacts = MockContactReader::new();
    contacts.expect_by_id().returning(|_, after, limit| page(after, limit));
    let world = World { contacts, ..World::new() };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, world.state().waiting_for_readers(patience)).unwrap().run());
    address
}

fn page(after: Option<ContactId>, limit: u32) -> RepositoryResult<Vec<Contact>> {
    let notes = Notes::parse("x".repeat(Notes::MAX_LENGTH)).unwrap();
    let first = after.map_or(1, |after| after.uuid().as_u128() + 1);
    let contact = |id| {
        let mut contact = Contact { id: ContactId::new(Uuid::from_u128(id)), ..a_contact() };
        contact.details.additional_data = Some(notes.clone());
        contact
    };
    Ok((first..).take(limit as usize).map(contact).collect())
}

/// A client that asks for an export and reads the head of the answer alone.
struct Stalled {
    _connection: TcpStream,
    head: String,
}

impl Stalled {
    fn ask(address: SocketAddr) -> Self {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.set_read_timeout(Some(HANGING)).unwrap();
        write!(connection, "GET /api/v1/users/me/export HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\n\r\n")
            .unwrap();
        // A small buffer: what it takes beyond the head is little.
        let lines = BufReader::with_capacity(64, &connection).lines();
        let head = lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
        Self { _connection: connection, head: head.to_ascii_lowercase() }
    }

    fn was_begun(&self) -> bool {
        self.head.starts_with("http/1.1 200")
    }

    #[track_caller]
    fn assert_refused(&self) {
        assert!(self.head.starts_with("http/1.1 503") && self.head.contains("retry-after: "), "{}", self.head);
    }

    /// Asks again and again until an export begins.
    async fn begins(address: SocketAddr) {
        let asking = async {
            while !block_in_place(|| Self::ask(address)).was_begun() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(HANGING, asking).await.expect("no place is given back");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_user_has_two_exports_under_way_and_another_one_when_a_client_hangs_up() {
    let address = start(Duration::from_secs(3600));
    let stalled = block_in_place(|| [Stalled::ask(address), Stalled::ask(address)]);
    assert!(stalled.iter().all(Stalled::was_begun));
    block_in_place(|| Stalled::ask(address)).assert_refused();
    drop(stalled);
    Stalled::begins(address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_export_that_nobody_reads_is_given_up_though_the_client_stays() {
    let address = start(Duration::from_millis(1));
    let stalled = block_in_place(|| [Stalled::ask(address), Stalled::ask(address)]);
    assert!(stalled.iter().all(Stalled::was_begun));
    Stalled::begins(address).await;
}
