//! The tables of both databases.

use crate::id::DbUuid;

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    users (id) {
        id -> DbUuid,
        email -> Text,
        email_key -> Text,
        email_verified -> Bool,
        password_hash -> Text,
        name -> Nullable<Text>,
        language -> Text,
        time_zone -> Text,
        leap_day_rule -> Text,
        phone_region -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        avatar_id -> Nullable<DbUuid>,
        avatar_location -> Nullable<Text>,
        last_login_at -> Nullable<Timestamp>,
        disabled -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    address_books (id) {
        id -> DbUuid,
        owner_id -> DbUuid,
        seq -> BigInt,
        creations -> BigInt,
        epoch -> Nullable<DbUuid>,
        forgotten -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    contacts (id) {
        id -> DbUuid,
        owner_id -> DbUuid,
        address_book_id -> DbUuid,
        seq -> BigInt,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_e164 -> Nullable<Text>,
        birthday_year -> Nullable<SmallInt>,
        birthday_month_day -> Nullable<SmallInt>,
        additional_data -> Nullable<Text>,
        first_name_key -> Text,
        last_name_key -> Text,
        email_key -> Text,
        search_text -> Text,
        phone_digits -> Text,
        fold_version -> SmallInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
        labels -> Text,
        purged -> Bool,
        note_words -> Text,
        search_terms -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    contact_labels (owner_id, label_key, contact_id) {
        owner_id -> DbUuid,
        label_key -> Text,
        contact_id -> DbUuid,
        label -> Text,
    }
}

diesel::joinable!(contact_labels -> contacts (contact_id));

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    creations (address_book_id, last) {
        address_book_id -> DbUuid,
        last -> BigInt,
        count -> Integer,
        at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    sessions (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        user_agent -> Nullable<Text>,
        address -> Text,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        counter -> BigInt,
        expires_at -> Timestamp,
        ends_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    outbox (id) {
        id -> DbUuid,
        subject -> Text,
        user_id -> Nullable<DbUuid>,
        address -> Nullable<Text>,
        new_address -> Nullable<Text>,
        created_at -> Timestamp,
        due_at -> Timestamp,
        attempts -> Integer,
        lease -> Nullable<DbUuid>,
        leased_until -> Nullable<Timestamp>,
        buried_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    links (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        purpose -> Text,
        address -> Text,
        hash -> Binary,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    avatars (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        format -> Text,
        state -> Text,
        started_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    audit_log (id) {
        id -> DbUuid,
        kind -> Text,
        user_id -> Nullable<DbUuid>,
        session_id -> Nullable<DbUuid>,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    idempotency_keys (user_id, operation, key) {
        user_id -> DbUuid,
        operation -> Text,
        key -> Text,
        fingerprint -> Binary,
        lease -> DbUuid,
        reserved_at -> Timestamp,
        leased_until -> Timestamp,
        status -> Nullable<Integer>,
        location -> Nullable<Text>,
        entity_tag -> Nullable<Text>,
        body -> Nullable<Binary>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, sessions);
diesel::allow_tables_to_appear_in_same_query!(contacts, contact_labels);
