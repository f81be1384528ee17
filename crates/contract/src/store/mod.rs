//! What a store promises: [`UnitOfWorkFactory`] with the repositories and readers behind it.

pub mod audit;
pub mod avatars;
pub mod birthdays;
pub mod changes;
pub mod concurrency;
pub mod contacts;
pub mod creations;
pub mod credentials;
pub mod deletion;
pub mod filters;
pub mod isolation;
pub mod links;
pub mod listing;
pub mod mail_outcomes;
pub mod outbox;
pub mod paging;
pub mod reference;
pub mod relevance;
pub mod search;
pub mod session_races;
pub mod sessions;
pub mod steps;
pub mod transactions;
pub mod users;

use std::sync::Arc;

use contacts_domain::ports::UnitOfWorkFactory;

/// What the suite is run against: empty, and each case's own. Users are told apart, but a mail is claimed, and a
/// picture swept away, whosever it is.
pub type Store = Arc<dyn UnitOfWorkFactory>;

/// Runs every case against a store that the argument makes: an async function without arguments that
/// returns `Subject<Store>`.
#[macro_export]
macro_rules! store_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            store::users,
            [
                a_new_user_is_found_with_every_field,
                a_user_who_was_never_registered_is_not_found,
                an_account_is_found_whatever_the_case_of_its_address,
                an_address_in_another_case_is_taken,
                an_address_composed_otherwise_is_taken,
                an_address_with_another_accent_is_free,
                an_id_is_taken_once,
                locking_takes_the_next_version,
                an_update_of_a_locked_user_persists,
                an_update_leaves_the_credentials_alone,
                a_changed_address_is_the_key_of_its_user_and_the_former_one_is_free,
                an_address_is_not_changed_to_a_taken_one,
                nobody_is_locked_under_an_unknown_id,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::credentials,
            [
                the_hash_of_a_password_is_found_by_id,
                a_new_hash_takes_the_place_of_the_old_one,
                a_hash_is_replaced_only_where_it_is_the_old_one,
                of_50_replacements_of_one_hash_one_succeeds,
                an_address_is_known_once_a_session_began_there,
                an_address_is_known_after_its_session_ended,
                a_login_takes_no_version,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::deletion,
            [
                a_deleted_user_takes_all_that_is_theirs_with_them,
                a_deleted_user_stays_in_the_audit_log,
                a_deletion_takes_nothing_of_anybody_else,
                a_user_is_deleted_once,
                a_deletion_that_was_undone_did_not_happen,
                a_deletion_amid_writes_of_contacts_fails_nobody,
                unused_users_are_deleted_and_all_others_spared,
                unused_users_are_deleted_in_bounded_steps,
                somebody_who_logs_in_at_last_is_spared,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::sessions,
            [
                a_session_comes_back_with_every_field,
                the_id_of_a_session_is_taken_once,
                the_user_of_a_session_is_found_with_every_field,
                nobody_is_behind_a_session_of_somebody_else_or_none,
                a_revoked_expired_or_foreign_session_is_neither_found_nor_rotated_nor_revoked,
                a_session_is_alive_until_the_microsecond_it_expires,
                sessions_are_listed_by_their_last_use_then_by_id,
                a_rotation_counts_and_moves_the_expiry,
                a_rotation_of_another_counter_does_nothing,
                a_rotation_that_was_undone_did_not_happen,
                a_session_is_revoked_once,
                all_sessions_but_one_are_revoked,
                all_sessions_are_revoked,
                sessions_are_purged_that_ended_before,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::session_races,
            [
                of_50_rotations_of_one_counter_one_succeeds,
                of_50_revocations_of_one_session_one_succeeds,
                a_rotation_at_once_with_a_revocation_wins_or_does_nothing,
                what_a_lock_has_seen_holds_until_the_transaction_ends,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::creations,
            [
                creations_are_counted_on_the_way_to_a_stamp,
                every_book_counts_its_creations_alone,
                nothing_is_created_without_an_address_book,
                of_64_creations_at_once_each_gets_another_number,
                a_rollback_takes_creations_back,
                a_deleted_contact_is_no_creation_undone,
                the_line_that_holds_a_number_is_found,
                a_number_has_one_line,
                lines_of_all_books_are_purged_by_time,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::audit,
            [
                an_event_comes_back_with_every_field,
                the_latest_events_come_first,
                the_events_of_one_user_are_theirs_alone,
                an_event_that_was_undone_is_not_told,
                an_event_is_never_written_over,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::contacts,
            [
                every_field_comes_back_as_it_was,
                a_contact_is_found_within_its_own_transaction,
                contacts_may_be_alike,
                an_unknown_contact_is_not_found,
                the_id_of_a_contact_is_taken_once,
                an_update_writes_every_field,
                an_update_leaves_the_time_of_creation_alone,
                an_update_touches_no_other_contact,
                an_update_of_an_unknown_contact_is_false,
                a_deleted_contact_vanishes_from_every_read,
                a_deleted_contact_is_neither_updated_nor_deleted_again,
                the_id_of_a_deleted_contact_is_never_given_again,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::changes,
            [
                changes_are_numbered_from_one,
                changes_of_one_transaction_have_a_number_each,
                a_change_that_was_undone_leaves_no_gap,
                a_stamp_names_the_book_and_its_owner,
                every_owner_counts_alone,
                nothing_is_numbered_without_an_address_book,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::isolation,
            [
                somebody_elses_contact_is_not_found,
                somebody_elses_contact_is_not_updated,
                somebody_elses_contact_is_not_deleted,
                two_owners_never_see_each_others_contacts,
                a_new_owner_sees_nothing,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::listing,
            [
                every_field_sorts_in_both_directions,
                several_fields_sort_by_weight,
                names_sort_by_family_name_where_nothing_is_said,
                what_is_absent_sorts_last_in_both_directions,
                ties_are_broken_by_id,
                sorting_ignores_case_and_accents,
                times_sort_to_the_microsecond,
                an_updated_contact_moves_to_its_new_place,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::filters,
            [
                every_filter_agrees_with_the_reference,
                a_filter_finds_any_part_of_its_field,
                case_and_accents_make_no_difference,
                wildcards_are_ordinary_characters,
                all_filters_must_match,
                what_is_absent_matches_no_filter,
                an_updated_contact_is_found_by_its_new_values_alone,
                a_count_is_the_length_of_the_whole_list,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::search,
            [
                every_search_agrees_with_the_reference,
                a_word_is_found_in_either_name_and_the_address,
                every_word_must_be_found,
                a_phone_is_found_in_any_spelling,
                words_with_wildcards_find_only_themselves,
                notes_are_not_searched,
                a_word_is_not_found_across_two_fields,
                quotes_and_operators_are_ordinary_characters,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::relevance,
            [
                the_best_matches_come_first,
                every_word_counts,
                equal_matches_sort_by_name,
                a_sort_that_was_asked_for_beats_relevance,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::paging,
            [
                pages_of_any_size_make_up_the_list_in_every_order,
                pages_of_any_size_make_up_a_search,
                pages_of_any_size_make_up_the_birthdays,
                only_the_last_page_has_no_next_one,
                paging_is_undisturbed_by_writes_in_every_order,
                paging_a_search_is_undisturbed_by_writes,
                paging_birthdays_is_undisturbed_by_writes,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::birthdays,
            [
                both_ends_of_a_window_are_included,
                windows_around_the_leap_day_agree_with_the_reference,
                windows_over_new_year_agree_with_the_reference,
                windows_of_any_length_agree_with_the_reference,
                a_window_of_366_days_holds_each_contact_once,
                equal_days_sort_by_name_then_id,
                a_leap_day_sorts_where_it_is_celebrated,
                a_contact_without_a_birthday_has_none,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::transactions,
            [
                what_was_committed_is_seen_at_once,
                a_rollback_leaves_nothing,
                an_uncommitted_write_is_not_seen,
                a_transaction_sees_its_own_writes,
                a_transaction_of_many_writes_is_all_or_nothing,
                a_dropped_transaction_leaves_nothing_and_blocks_nobody,
                an_aborted_task_leaves_nothing_and_blocks_nobody,
                after_a_conflict_a_rollback_frees_the_store,
                after_a_conflict_a_drop_frees_the_store,
                an_update_that_was_undone_changes_nothing,
                a_contact_of_no_address_book_is_a_fault_of_ours,
                the_store_answers,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::concurrency,
            [
                of_64_registrations_of_one_address_one_succeeds,
                sixty_four_writers_get_numbers_without_gap_or_repetition,
                sixty_four_changes_of_a_user_lose_nothing,
                of_64_deletions_of_a_contact_one_succeeds,
                writers_of_different_owners_do_not_fail_each_other,
                readers_are_served_while_a_transaction_is_open,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::outbox,
            [
                every_subject_comes_back_as_ordered,
                a_mail_that_was_rolled_back_is_never_claimed,
                the_oldest_mails_are_claimed_first,
                a_mail_is_not_claimed_before_it_is_due,
                a_claimed_mail_is_another_workers_once_its_lease_is_over,
                a_lease_that_ran_out_counts_as_an_attempt,
                a_claim_that_was_undone_holds_nothing,
                of_8_claimers_at_once_each_mail_goes_to_one,
                a_mail_is_settled_by_its_holder_or_claimed_by_another,
                nothing_is_due_where_there_is_nothing,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::mail_outcomes,
            [
                a_settled_mail_is_gone,
                a_postponed_mail_is_due_at_its_time,
                a_buried_mail_is_listed_and_not_claimed,
                buried_mails_are_listed_as_ordered_the_oldest_first,
                a_former_lease_decides_nothing,
                a_released_mail_is_due_at_once_with_no_attempt_counted,
                a_requeued_mail_begins_anew,
                only_what_was_given_up_is_requeued,
                all_that_was_given_up_is_requeued_at_once,
                a_reason_may_hold_any_character,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::links,
            [
                a_link_is_found_as_it_was_made,
                of_32_consumptions_of_a_link_one_succeeds,
                a_link_works_only_for_its_purpose_and_hash_before_its_expiry,
                a_consumption_that_was_undone_did_not_happen,
                a_link_without_expiry_does_not_work_until_it_has_one,
                a_newer_link_closes_the_older_of_its_user_and_purpose_alone,
                links_made_at_once_leave_one_open,
                all_links_of_a_user_for_a_purpose_are_closed_at_once,
                the_history_counts_the_last_minute_and_the_last_hour,
                a_purge_deletes_what_is_old_and_useless_alone,
                links_go_with_their_user,
            ]
        );
        $crate::__cases!(
            $fresh,
            store::avatars,
            [
                a_shown_picture_replaces_the_former,
                both_formats_come_back,
                an_upload_that_was_swept_away_cannot_be_shown,
                an_upload_that_was_rolled_back_cannot_be_shown,
                somebody_elses_upload_cannot_be_shown,
                an_upload_is_abandoned_only_when_it_is_old,
                no_more_pictures_are_listed_than_asked_for,
                a_hidden_picture_is_abandoned,
                an_upload_under_way_is_left_alone_until_it_is_old,
                only_what_was_abandoned_is_forgotten,
                pictures_outlive_their_user,
                of_pictures_that_are_shown_at_once_one_remains,
            ]
        );
    };
}
