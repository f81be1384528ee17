//! Reading contacts: each method is one statement, but for the changes, which ask for their history after them.

use async_trait::async_trait;
use contacts_domain::{
    birthday_query::BirthdayQuery,
    birthday_window::BirthdayWindow,
    change_feed::{Changes, ChangesLimit},
    contact::Contact,
    contact_query::{ContactFilter, ContactQuery},
    ids::{ContactId, UserId},
    labels::LabelCount,
    page::{PageLimit, Slice},
    ports::{ContactReader, RepositoryError, RepositoryResult},
    sort::{BIRTHDAY_KEYS, ContactOrder, Sort},
    trash::{TrashQuery, TrashedContact},
};
use diesel::prelude::*;

use super::{
    after_id, changes,
    days::InDays,
    filter::Matching,
    keys::KeyRow,
    labels, live_contacts,
    order::{After, Order},
    relevance::Relevance,
    row::{ContactColumns, ContactRow},
    trash,
};
use crate::{
    database::Database,
    id::Id,
    reader::{Cost, read},
    schema::contacts,
};

#[async_trait]
impl ContactReader for Database {
    async fn find(&self, owner: UserId, id: ContactId) -> RepositoryResult<Option<Contact>> {
        let query = live_contacts!(owner).filter(contacts::id.eq(Id(id.uuid())));
        let reader = self.reader(Cost::Little).await?;
        let row: Option<ContactRow> = read!(&reader, optional query.select(ContactColumns))?;
        row.map(Contact::try_from).transpose()
    }

    async fn list(&self, owner: UserId, query: &ContactQuery) -> RepositoryResult<Slice<Contact>> {
        let ContactQuery { filter, order, after, limit } = query;
        let cost = cost(query);
        let relevance = match order {
            ContactOrder::Relevance => Relevance::of(&filter.words),
            ContactOrder::By(_) => Relevance::of(&[]),
        };
        let order = Order::by(order.keys()).with_relevance(relevance.clone());
        // How many contacts have a label decides which index is walked.
        let limited = match filter.label {
            None => order.clone().limited(enough(*limit)),
            Some(_) => order.clone().limited_anew(enough(*limit)),
        };
        let query = contacts::table
            .filter(contacts::deleted_at.is_null())
            .filter(Matching::new(owner, filter))
            .filter(After::new(order.clone(), after.as_ref()))
            .order_by(limited);
        let reader = self.reader(cost).await?;
        let rows = read!(&reader, load query.select((ContactColumns, order.key_columns(), relevance)))?;
        slice(rows, *limit, &order)
    }

    async fn count(&self, owner: UserId, filter: &ContactFilter) -> RepositoryResult<u64> {
        let query = contacts::table.filter(contacts::deleted_at.is_null()).filter(Matching::new(owner, filter)).count();
        let reader = self.reader(Cost::Any).await?;
        let count: i64 = read!(&reader, get_result query)?;
        u64::try_from(count).map_err(|_| RepositoryError::Inconsistent("a negative count".into()))
    }

    async fn birthdays(&self, owner: UserId, query: &BirthdayQuery) -> RepositoryResult<Slice<Contact>> {
        let BirthdayQuery { window, after, limit } = query;
        let cost = if window.days() <= BirthdayWindow::DEFAULT_DAYS { Cost::Little } else { Cost::Any };
        let order = Order::by(BIRTHDAY_KEYS.to_vec()).with_days(window.ranking());
        let query = live_contacts!(owner)
            .filter(InDays::new(owner, window.month_days()))
            .filter(After::new(order.clone(), after.as_ref()))
            .order_by(order.clone().limited(enough(*limit)));
        let reader = self.reader(cost).await?;
        let rows = read!(&reader, load query.select((ContactColumns, order.key_columns(), Relevance::of(&[]))))?;
        slice(rows, *limit, &order)
    }

    async fn trash(&self, owner: UserId, query: &TrashQuery) -> RepositoryResult<Slice<TrashedContact>> {
        trash::list(&self.reader(Cost::Any).await?, owner, query).await
    }

    async fn changes(
        &self,
        owner: UserId,
        since: Option<i64>,
        limit: ChangesLimit,
    ) -> RepositoryResult<Option<Changes>> {
        changes::read(&self.reader(Cost::Any).await?, owner, since, limit).await
    }

    async fn by_id(&self, owner: UserId, after: Option<ContactId>, limit: u32) -> RepositoryResult<Vec<Contact>> {
        let query =
            live_contacts!(owner).filter(contacts::id.gt(after_id(after))).order_by(contacts::id).limit(limit.into());
        let reader = self.reader(Cost::Any).await?;
        let rows: Vec<ContactRow> = read!(&reader, load query.select(ContactColumns))?;
        rows.into_iter().map(Contact::try_from).collect()
    }

    async fn labels(&self, owner: UserId) -> RepositoryResult<Vec<LabelCount>> {
        labels::count(&self.reader(Cost::Any).await?, owner).await
    }
}

/// An index holds all contacts in the order of their names.
fn cost(list: &ContactQuery) -> Cost {
    let is_plain = list.filter == ContactFilter::default() && list.order == ContactOrder::By(Sort::default());
    if is_plain { Cost::Little } else { Cost::Any }
}

/// At least one row more than the page holds. A number is a part of the statement, and each statement is kept by each
/// connection: so there are few of them.
fn enough(limit: PageLimit) -> u16 {
    let sizes = [10, 20, 50, 100, PageLimit::MAX];
    sizes.into_iter().find(|size| *size >= limit.get()).unwrap_or(limit.get()) + 1
}

/// One row more than the page holds says whether another page follows.
pub(super) fn one_more(limit: PageLimit) -> u16 {
    limit.get().saturating_add(1)
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
