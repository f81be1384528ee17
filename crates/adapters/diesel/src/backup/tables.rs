//! Every table, row by row, from one database to the other.

use diesel::{Insertable, QueryResult, Queryable, RunQueryDsl, Selectable, SelectableHelper, SqliteConnection};
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};

use super::Progress;
use crate::{id::Id, schema};

pub(super) type PostgresConnection = AsyncConnectionWrapper<AsyncPgConnection>;

/// How many rows are written at once.
const BATCH: usize = 500;

/// A table, and its columns as SQL names them.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
}

/// All tables with the types of their columns, each behind those that it refers to.
macro_rules! tables {
    ($($table:ident { $($column:ident: $type:ty),+ $(,)? })+) => {
        pub(super) const TABLES: &[Table] = &[
            $(Table { name: stringify!($table), columns: &[$(stringify!($column)),+] },)+
        ];

        $(
            mod $table {
                use super::*;

                #[derive(Queryable, Selectable, Insertable)]
                #[diesel(table_name = schema::$table, treat_none_as_default_value = false)]
                pub(super) struct Row {
                    $($column: $type),+
                }
            }
        )+

        tables!(@copy from_postgres, PostgresConnection, SqliteConnection, $($table)+);
        tables!(@copy to_postgres, SqliteConnection, PostgresConnection, $($table)+);
    };
    (@copy $name:ident, $Source:ty, $Target:ty, $($table:ident)+) => {
        /// Copies all tables. Never more than a batch of rows is in memory.
        pub(super) fn $name(source: &mut $Source, target: &mut $Target, progress: &dyn Progress) -> QueryResult<()> {
            $({
                let query = diesel::query_dsl::methods::SelectDsl::select(schema::$table::table, $table::Row::as_select());
                let (mut rows, mut count) = (Vec::with_capacity(BATCH), 0);
                let write = |rows: &mut Vec<$table::Row>, target: &mut $Target, count: &mut u64| {
                    if !rows.is_empty() {
                        diesel::insert_into(schema::$table::table).values(&*rows).execute(target)?;
                        *count += rows.len() as u64;
                        rows.clear();
                        progress.copied(stringify!($table), *count);
                    }
                    QueryResult::Ok(())
                };
                for row in RunQueryDsl::load_iter::<$table::Row, _>(query, source)? {
                    rows.push(row?);
                    if rows.len() == BATCH {
                        write(&mut rows, target, &mut count)?;
                    }
                }
                write(&mut rows, target, &mut count)?;
            })+
            Ok(())
        }
    };
}

type Time = chrono::NaiveDateTime;

tables! {
    users {
        id: Id, email: String, email_key: String, email_verified: bool, password_hash: String, name: Option<String>,
        language: String, time_zone: String, leap_day_rule: String, phone_region: Option<String>, version: i64,
        created_at: Time, updated_at: Time, avatar_id: Option<Id>, avatar_location: Option<String>,
        last_login_at: Option<Time>, disabled: bool,
    }
    address_books { id: Id, owner_id: Id, seq: i64, creations: i64, epoch: Option<Id>, forgotten: i64 }
    contacts {
        id: Id, owner_id: Id, address_book_id: Id, seq: i64, first_name: Option<String>, last_name: Option<String>,
        email: Option<String>, phone: Option<String>, phone_e164: Option<String>, birthday_year: Option<i16>,
        birthday_month_day: Option<i16>, additional_data: Option<String>, first_name_key: String,
        last_name_key: String, email_key: String, search_text: String, phone_digits: String, fold_version: i16,
        created_at: Time, updated_at: Time, deleted_at: Option<Time>, labels: String, purged: bool,
        note_words: String, search_terms: String,
    }
    contact_labels { owner_id: Id, label_key: String, contact_id: Id, label: String }
    creations { address_book_id: Id, last: i64, count: i32, at: Time }
    sessions {
        id: Id, user_id: Id, user_agent: Option<String>, address: String, created_at: Time, last_used_at: Time,
        counter: i64, expires_at: Time, ends_at: Time, revoked_at: Option<Time>,
    }
    outbox {
        id: Id, subject: String, user_id: Option<Id>, address: Option<String>, new_address: Option<String>,
        created_at: Time, due_at: Time, attempts: i32, lease: Option<Id>, leased_until: Option<Time>,
        buried_at: Option<Time>, reason: Option<String>,
    }
    links {
        id: Id, user_id: Id, purpose: String, address: String, hash: Vec<u8>, created_at: Time,
        expires_at: Option<Time>, closed_at: Option<Time>,
    }
    avatars { id: Id, user_id: Id, format: String, state: String, started_at: Time }
    audit_log {
        id: Id, kind: String, user_id: Option<Id>, session_id: Option<Id>, address: Option<String>,
        user_agent: Option<String>, at: Time,
    }
    idempotency_keys {
        user_id: Id, operation: String, key: String, fingerprint: Vec<u8>, lease: Id, reserved_at: Time,
        leased_until: Time, status: Option<i32>, location: Option<String>, entity_tag: Option<String>,
        body: Option<Vec<u8>>,
    }
}
