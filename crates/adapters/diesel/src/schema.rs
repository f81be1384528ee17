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
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::DbUuid;

    address_books (id) {
        id -> DbUuid,
        owner_id -> DbUuid,
        seq -> BigInt,
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
    }
}
