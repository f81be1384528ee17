//! In which order contacts come, and which come after a position, as SQL.

use chrono::NaiveDateTime;
use contacts_domain::{
    birthday::Birthday,
    birthday_window::DayRanking,
    contact::Contact,
    cursor::{KeyValue, Position},
    sort::{Direction, SortKey},
};
use diesel::{
    query_builder::{AstPass, QueryFragment},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{BigInt, Bool, HasSqlType, Integer, Text, Timestamp},
};

use super::{
    filter::Patterns,
    keys::{KeyColumns, KeyRow},
    relevance::Relevance,
    sql_expression,
};
use crate::id::{DbUuid, Id};

/// After every month-day and every year: no birthday, or none with a year. A macro, to stand in SQL too.
macro_rules! no_day {
    () => {
        9999
    };
}
macro_rules! no_year {
    () => {
        32767
    };
}

/// The keys of a list, with what they need to be computed.
#[derive(Clone, Debug)]
pub(super) struct Order {
    keys: Vec<(SortKey, Direction)>,
    relevance: Relevance,
    days: Option<Days>,
    limit: Option<Limit>,
}

/// How many rows there are at most.
#[derive(Clone, Copy, Debug)]
enum Limit {
    /// Written out: for an unknown number PostgreSQL makes a plan of its own each time, which takes longer than to read
    /// a page.
    Written(u16),
    /// As a parameter, where each value asks for a plan of its own.
    Bound(i64),
}

/// A [`DayRanking`] with the width of SQL's integers.
#[derive(Clone, Copy, Debug)]
struct Days {
    ranking: DayRanking,
    first: i32,
    leap_day: i32,
}

impl Order {
    pub(super) fn by(keys: Vec<(SortKey, Direction)>) -> Self {
        Self { keys, relevance: Relevance::of(&[]), days: None, limit: None }
    }

    pub(super) fn with_relevance(self, relevance: Relevance) -> Self {
        Self { relevance, ..self }
    }

    pub(super) fn with_days(self, ranking: DayRanking) -> Self {
        let days = Days { ranking, first: ranking.first.into(), leap_day: ranking.leap_day.into() };
        Self { days: Some(days), ..self }
    }

    /// No more rows than that.
    pub(super) fn limited(self, rows: u16) -> Self {
        Self { limit: Some(Limit::Written(rows)), ..self }
    }

    /// The same, planned anew each time.
    pub(super) fn limited_anew(self, rows: u16) -> Self {
        Self { limit: Some(Limit::Bound(rows.into())), ..self }
    }

    /// What of a row is needed to say where it stands.
    pub(super) fn key_columns(&self) -> KeyColumns {
        KeyColumns::of(&self.keys)
    }

    /// Where a contact that was read stands in this order.
    pub(super) fn position(&self, contact: &Contact, keys: KeyRow, relevance: i32) -> Position {
        let absent = |absent: bool| KeyValue::Integer(absent.into());
        let text = |key: &Option<String>| KeyValue::Text(key.clone().unwrap_or_default());
        let details = &contact.details;
        let day = details.birthday.map(Birthday::month_day);
        let year = details.birthday.and_then(Birthday::year);
        let value = |key: &SortKey| match key {
            SortKey::Relevance => KeyValue::Integer(relevance.into()),
            SortKey::FirstName => text(&keys.first_name_key),
            SortKey::LastName => text(&keys.last_name_key),
            SortKey::Email => text(&keys.email_key),
            SortKey::BirthdayDay => KeyValue::Integer(day.map_or(no_day!(), |day| day.number().into())),
            SortKey::BirthdayYear => KeyValue::Integer(year.map_or(no_year!(), i64::from)),
            SortKey::CreatedAt => KeyValue::Time(contact.created_at),
            SortKey::UpdatedAt => KeyValue::Time(contact.updated_at),
            SortKey::FirstNameAbsent => absent(details.first_name.is_none()),
            SortKey::LastNameAbsent => absent(details.last_name.is_none()),
            SortKey::EmailAbsent => absent(details.email.is_none()),
            SortKey::BirthdayAbsent => absent(day.is_none()),
            SortKey::BirthdayYearAbsent => absent(year.is_none()),
            SortKey::NextBirthday => {
                let rank = self.days.zip(day).map(|(days, day)| days.ranking.rank(day));
                KeyValue::Integer(rank.map_or(no_day!(), i64::from))
            }
        };
        Position { keys: self.keys.iter().map(|(key, _)| value(key)).collect(), id: contact.id }
    }

    fn push_key<'b, DB>(&'b self, key: SortKey, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Patterns + HasSqlType<Text> + HasSqlType<Integer>,
        String: ToSql<Text, DB>,
        i32: ToSql<Integer, DB>,
    {
        let sql = match key {
            SortKey::Relevance => return self.relevance.walk_ast(out.reborrow()),
            SortKey::FirstName => "first_name_key",
            SortKey::LastName => "last_name_key",
            SortKey::Email => "email_key",
            SortKey::BirthdayDay => concat!("COALESCE(birthday_month_day, ", no_day!(), ")"),
            SortKey::BirthdayYear => concat!("COALESCE(birthday_year, ", no_year!(), ")"),
            SortKey::CreatedAt => "created_at",
            SortKey::UpdatedAt => "updated_at",
            SortKey::FirstNameAbsent => "CASE WHEN first_name IS NULL THEN 1 ELSE 0 END",
            SortKey::LastNameAbsent => "CASE WHEN last_name IS NULL THEN 1 ELSE 0 END",
            SortKey::EmailAbsent => "CASE WHEN email IS NULL THEN 1 ELSE 0 END",
            SortKey::BirthdayAbsent => "CASE WHEN birthday_month_day IS NULL THEN 1 ELSE 0 END",
            SortKey::BirthdayYearAbsent => "CASE WHEN birthday_year IS NULL THEN 1 ELSE 0 END",
            SortKey::NextBirthday => match &self.days {
                None => concat!("COALESCE(birthday_month_day, ", no_day!(), ")"),
                Some(days) => {
                    // The formula of `DayRanking`.
                    out.push_sql("CASE WHEN birthday_month_day = 229 THEN ");
                    out.push_bind_param::<Integer, _>(&days.leap_day)?;
                    out.push_sql(" WHEN birthday_month_day < ");
                    out.push_bind_param::<Integer, _>(&days.first)?;
                    " THEN birthday_month_day + 10000 ELSE birthday_month_day END"
                }
            },
        };
        out.push_sql(sql);
        Ok(())
    }
}

sql_expression!(Order, Integer);

impl<DB> QueryFragment<DB> for Order
where
    DB: Patterns + HasSqlType<Text> + HasSqlType<Integer> + HasSqlType<BigInt>,
    String: ToSql<Text, DB>,
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (key, direction) in &self.keys {
            self.push_key(*key, &mut out)?;
            out.push_sql(match direction {
                Direction::Ascending => " ASC, ",
                Direction::Descending => " DESC, ",
            });
        }
        out.push_sql("id ASC");
        match &self.limit {
            None => {}
            Some(Limit::Written(rows)) => {
                out.push_sql(" LIMIT ");
                out.push_sql(&rows.to_string());
            }
            Some(Limit::Bound(rows)) => {
                out.push_sql(" LIMIT ");
                out.push_bind_param::<BigInt, _>(rows)?;
            }
        }
        Ok(())
    }
}

/// What comes behind a position in an order; everything where there is none.
#[derive(Clone, Debug)]
pub(super) struct After {
    order: Order,
    position: Option<(Vec<SqlValue>, Id)>,
}

#[derive(Clone, Debug)]
enum SqlValue {
    Text(String),
    Integer(i64),
    Time(NaiveDateTime),
}

impl After {
    pub(super) fn new(order: Order, position: Option<&Position>) -> Self {
        let value = |key: &KeyValue| match key {
            KeyValue::Text(text) => SqlValue::Text(text.clone()),
            KeyValue::Integer(number) => SqlValue::Integer(*number),
            KeyValue::Time(time) => SqlValue::Time(time.naive_utc()),
        };
        let position = position.map(|Position { keys, id }| (keys.iter().map(value).collect(), Id(id.uuid())));
        Self { order, position }
    }
}

sql_expression!(After, Bool);

impl<DB> QueryFragment<DB> for After
where
    DB: Patterns
        + HasSqlType<Text>
        + HasSqlType<Integer>
        + HasSqlType<BigInt>
        + HasSqlType<Timestamp>
        + HasSqlType<DbUuid>,
    String: ToSql<Text, DB>,
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    NaiveDateTime: ToSql<Timestamp, DB>,
    Id: ToSql<DbUuid, DB>,
{
    /// `a >= $1 AND (a > $1 OR (b >= $2 AND (b > $2 OR (id > $3))))`: the first comparison is one that
    /// an index can use.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Some((values, id)) = &self.position else {
            out.push_sql("TRUE");
            return Ok(());
        };
        out.push_sql("(");
        for ((key, direction), value) in self.order.keys.iter().zip(values) {
            let beyond = match direction {
                Direction::Ascending => " >",
                Direction::Descending => " <",
            };
            self.order.push_key(*key, &mut out)?;
            out.push_sql(beyond);
            out.push_sql("= ");
            value.push(&mut out)?;
            out.push_sql(" AND (");
            self.order.push_key(*key, &mut out)?;
            out.push_sql(beyond);
            out.push_sql(" ");
            value.push(&mut out)?;
            out.push_sql(" OR (");
        }
        out.push_sql("id > ");
        out.push_bind_param::<DbUuid, _>(id)?;
        for _ in values {
            out.push_sql("))");
        }
        out.push_sql(")");
        Ok(())
    }
}

impl SqlValue {
    fn push<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Patterns + HasSqlType<Text> + HasSqlType<BigInt> + HasSqlType<Timestamp>,
        String: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
        NaiveDateTime: ToSql<Timestamp, DB>,
    {
        match self {
            Self::Text(text) => out.push_bind_param::<Text, _>(text),
            Self::Integer(number) => out.push_bind_param::<BigInt, _>(number),
            Self::Time(time) => out.push_bind_param::<Timestamp, _>(time),
        }
    }
}
