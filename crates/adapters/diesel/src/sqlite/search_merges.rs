//! What the search index leaves to be done later.
//!
//! It is written in segments, one for each contact that is written, and a search looks into each of them. Writes merge
//! some, for more would make them slow; the rest is merged while nobody writes, level by level, so that each contact is
//! merged a few times only, however many there are.

use diesel::{
    QueryResult, RunQueryDsl, SqliteConnection,
    dsl::{select, sql, sql_query},
    sql_types::BigInt,
};

/// Merges some pages of the index, which takes milliseconds. Whether there may be more to merge.
pub(super) fn merge_some(connection: &mut SqliteConnection) -> QueryResult<bool> {
    let before = changes(connection)?;
    sql_query("INSERT INTO search_index (search_index, rank) VALUES ('merge', 16)").execute(connection)?;
    // The statement itself is one change, and there are others where it found something to merge.
    Ok(changes(connection)? - before > 1)
}

fn changes(connection: &mut SqliteConnection) -> QueryResult<i64> {
    select(sql::<BigInt>("total_changes()")).get_result(connection)
}
