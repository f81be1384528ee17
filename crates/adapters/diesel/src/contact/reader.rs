//! Reading contacts: each method is one statement, but for the changes, which ask for their history after them.

use async_trait::async_trait;
use contacts_domain::{
    birthday_query::BirthdayQuery,
    change_feed::{Changes, ChangesLimit},
    contact::Contact,
    contact_query::{ContactFilter, ContactQuery},
    ids::{ContactId, UserId},
    labels::LabelCount,
    page::{PageLimit, Slice},
    ports::{ContactReader, RepositoryError, RepositoryResult},
    sort::{BIRTHDAY_KEYS, ContactOrder},
    trash::{TrashQuery, TrashedContact},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    after_id, changes,
    days::InDays,
    filter::Matching,
    labels, live_contacts,
    order::{After, Order},
    relevance::Relevance,
    row::{ContactRow, KeyRow},
    trash,
};
use crate::{connection::with_conn, database::Database, id::Id, schema::contacts};

#[async_trait]
impl ContactReader for Database {
    async fn find(&self, owner: UserId, id: ContactId) -> RepositoryResult<Option<Contact>> {
        let query = live_contacts!(owner).filter(contacts::id.eq(Id(id.uuid())));
        let mut connection = self.reader().await?;
        let row: Option<ContactRow> =
            with_conn!(&mut connection, |c| async { query.select(ContactRow::as_select()).first(c).await.optional() })?;
        row.map(Contact::try_from).transpose()
    }

    async fn list(&self, owner: UserId, query: &ContactQuery) -> RepositoryResult<Slice<Contact>> {
        let ContactQuery { filter, order, after, limit } = query;
        let relevance = match order {
            ContactOrder::Relevance => Relevance::of(&filter.words),
            ContactOrder::By(_) => Relevance::of(&[]),
        };
        let order = Order::by(order.keys()).with_relevance(relevance.clone());
        let query = contacts::table
            .filter(contacts::deleted_at.is_null())
            .filter(Matching::new(owner, filter))
            .filter(After::new(order.clone(), after.as_ref()))
            .order_by(order.clone())
            .limit(one_more(*limit));
        let mut connection = self.reader().await?;
        let rows = with_conn!(&mut connection, |c| {
            query.select((ContactRow::as_select(), KeyRow::as_select(), relevance)).load(c)
        })?;
        slice(rows, *limit, &order)
    }

    async fn count(&self, owner: UserId, filter: &ContactFilter) -> RepositoryResult<u64> {
        let query = contacts::table.filter(contacts::deleted_at.is_null()).filter(Matching::new(owner, filter)).count();
        let mut connection = self.reader().await?;
        let count: i64 = with_conn!(&mut connection, |c| query.get_result(c))?;
        u64::try_from(count).map_err(|_| RepositoryError::Inconsistent("a negative count".into()))
    }

    async fn birthdays(&self, owner: UserId, query: &BirthdayQuery) -> RepositoryResult<Slice<Contact>> {
        let BirthdayQuery { window, after, limit } = query;
        let order = Order::by(BIRTHDAY_KEYS.to_vec()).with_days(window.ranking());
        let query = live_contacts!(owner)
            .filter(InDays::new(owner, window.month_days()))
            .filter(After::new(order.clone(), after.as_ref()))
            .order_by(order.clone())
            .limit(one_more(*limit));
        let mut connection = self.reader().await?;
        let rows = with_conn!(&mut connection, |c| {
            query.select((ContactRow::as_select(), KeyRow::as_select(), Relevance::of(&[]))).load(c)
        })?;
        slice(rows, *limit, &order)
    }

    async fn trash(&self, owner: UserId, query: &TrashQuery) -> RepositoryResult<Slice<TrashedContact>> {
        trash::list(&mut self.reader().await?, owner, query).await
    }

    async fn changes(
        &self,
        owner: UserId,
        since: Option<i64>,
        limit: ChangesLimit,
    ) -> RepositoryResult<Option<Changes>> {
        changes::read(&mut self.reader().await?, owner, since, limit).await
    }

    async fn by_id(&self, owner: UserId, after: Option<ContactId>, limit: u32) -> RepositoryResult<Vec<Contact>> {
        let query =
            live_contacts!(owner).filter(contacts::id.gt(after_id(after))).order_by(contacts::id).limit(limit.into());
        let mut connection = self.reader().await?;
        let rows = with_conn!(&mut connection, |c| query.select(ContactRow::as_select()).load(c))?;
        rows.into_iter().map(Contact::try_from).collect()
    }

    async fn labels(&self, owner: UserId) -> RepositoryResult<Vec<LabelCount>> {
        labels::count(&mut self.reader().await?, owner).await
    }
}

/// One row more than the page holds says whether another page follows.
pub(super) fn one_more(limit: PageLimit) -> i64 {
    i64::from(limit.get()) + 1
}

fn slice(
    mut rows: Vec<(ContactRow, KeyRow, i32)>,
    limit: PageLimit,
    order: &Order,
) -> RepositoryResult<Slice<Contact>> {
    let more = rows.len() > usize::from(limit.get());
    rows.truncate(limit.get().into());
    let count = rows.len();
    let mut items = Vec::with_capacity(count);
    let mut next = None;
    for (index, (row, keys, relevance)) in rows.into_iter().enumerate() {
        let contact = Contact::try_from(row)?;
        if more && index + 1 == count {
            next = Some(order.position(&contact, keys, relevance));
        }
        items.push(contact);
    }
    Ok(Slice { items, next })
}
