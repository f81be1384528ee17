//! Everything that is a user's, as text that is written while it is read.

use std::vec;

use actix_web::web::{BufMut, Bytes, BytesMut};
use contacts_application::accounts::ExportContacts;
use contacts_domain::{batch::MAX_OPERATIONS, contact::Contact as DomainContact, ids::ContactId};
use futures_util::{Stream, stream};
use paperclip::actix::Apiv2Schema;
use serde::Serialize;
use serde_json::json;

use super::{account::User, batch::BatchInput, contact::Contact};
use crate::{openapi::Document, problem::Problem};

/// From how many bytes on a piece is sent.
const PIECE: usize = 64 * 1024;
/// How many bytes the operations of one batch have at most: half of what a batch may have.
const MAX_BATCH: usize = 16 * 1024 * 1024;

/// Everything that is a user's.
#[derive(Apiv2Schema)]
#[expect(dead_code, reason = "it describes what `export` writes")]
pub(crate) struct Export {
    account: User,
    contacts: Vec<BatchInput>,
}

/// Writes an account and its contacts, of which `first` are the first; `next` finds those behind one. At any time
/// no more than one page of them is in memory.
pub(crate) fn export<F, R>(
    account: User,
    first: Vec<DomainContact>,
    next: F,
) -> impl Stream<Item = Result<Bytes, Problem>>
where
    F: Fn(ContactId) -> R,
    R: Future<Output = Result<Vec<DomainContact>, Problem>>,
{
    let mut text = BytesMut::from(&b"{\"account\":"[..]);
    write(&mut text, &account);
    text.extend_from_slice(b",\"contacts\":[");
    let telling = Telling { text, batch: None, batches: 0, after: last(&first), page: first.into_iter(), next };
    stream::try_unfold(Some(telling), |telling| async move {
        let Some(telling) = telling else { return Ok(None) };
        telling.tell().await.map(Some)
    })
}

/// An export that is under way.
struct Telling<F> {
    /// What is not sent yet.
    text: BytesMut,
    /// The batch that is open.
    batch: Option<Batch>,
    batches: usize,
    page: vec::IntoIter<DomainContact>,
    /// Behind which contact the next page begins, where there may be one.
    after: Option<ContactId>,
    next: F,
}

/// How much a batch holds.
struct Batch {
    operations: usize,
    bytes: usize,
}

/// An operation that creates the contact anew.
#[derive(Serialize)]
struct Create {
    op: &'static str,
    contact: Contact,
}

impl<F, R> Telling<F>
where
    F: Fn(ContactId) -> R,
    R: Future<Output = Result<Vec<DomainContact>, Problem>>,
{
    /// The next piece, and what goes on behind it.
    async fn tell(mut self) -> Result<(Bytes, Option<Self>), Problem> {
        while self.text.len() < PIECE {
            match (self.page.next(), self.after) {
                (Some(contact), _) => self.add(&contact),
                (None, Some(after)) => {
                    let page = (self.next)(after).await?;
                    self.after = last(&page);
                    self.page = page.into_iter();
                }
                (None, None) => {
                    self.close();
                    self.text.extend_from_slice(b"]}");
                    return Ok((self.text.freeze(), None));
                }
            }
        }
        Ok((self.text.split().freeze(), Some(self)))
    }

    fn add(&mut self, contact: &DomainContact) {
        let mut operation = BytesMut::new();
        write(&mut operation, &Create { op: "create", contact: contact.into() });
        let batch = match self.batch.take() {
            Some(Batch { operations, bytes })
                if operations < MAX_OPERATIONS && bytes + operation.len() <= MAX_BATCH =>
            {
                self.text.put_u8(b',');
                Batch { operations: operations + 1, bytes: bytes + operation.len() + 1 }
            }
            full => {
                self.batch = full;
                self.close();
                if self.batches > 0 {
                    self.text.put_u8(b',');
                }
                self.batches += 1;
                self.text.extend_from_slice(b"{\"operations\":[");
                Batch { operations: 1, bytes: operation.len() }
            }
        };
        self.text.unsplit(operation);
        self.batch = Some(batch);
    }

    fn close(&mut self) {
        if self.batch.take().is_some() {
            self.text.extend_from_slice(b"]}");
        }
    }
}

/// The last contact of a page that others may follow.
fn last(page: &[DomainContact]) -> Option<ContactId> {
    let full = page.len() >= ExportContacts::CHUNK as usize;
    page.last().filter(|_| full).map(|contact| contact.id)
}

fn write(text: &mut BytesMut, value: &impl Serialize) {
    // Strings, numbers and truth values always serialize, and memory always takes them.
    let _ = serde_json::to_writer(text.writer(), value);
}

pub(super) fn describe(document: &mut Document) {
    document.all_required("Export").property("Export", "contacts", json!({
        "description": "Bodies of `POST /contacts/batch`: up to 500 contacts each, with ids and times, which a batch \
            ignores.",
    }));
}

#[cfg(test)]
mod tests;
