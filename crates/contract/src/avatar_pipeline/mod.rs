//! What a pipeline of avatars promises: of whatever is uploaded, pixels alone come out.
//!
//! That it bounds its memory, its time and its queue is for each adapter to show beside its code: a suite
//! can only see that hostile uploads are refused.

pub mod colours;
pub mod files;
pub mod formats;
pub mod load;
pub mod metadata;
pub mod orientation;
pub mod pictures;
pub mod refusals;
pub mod sizes;

use std::sync::Arc;

use contacts_domain::ports::AvatarPipeline;

/// What the suite is run against.
pub type Pipeline = Arc<dyn AvatarPipeline>;

/// Runs every case against a pipeline that the argument makes: an async function without arguments that
/// returns `Subject<Pipeline>`.
#[macro_export]
macro_rules! avatar_pipeline_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            avatar_pipeline::formats,
            [
                pictures_of_every_format_and_depth_are_read,
                the_middle_of_a_picture_is_kept,
                transparency_is_kept,
                a_picture_that_hides_nothing_becomes_a_jpeg,
                a_colour_under_transparency_neither_bleeds_nor_survives,
                of_an_animation_the_first_frame_is_kept,
            ]
        );
        $crate::__cases!(
            $fresh,
            avatar_pipeline::orientation,
            [
                a_jpeg_is_turned_upright_from_all_eight_orientations,
                a_png_is_turned_upright_from_all_eight_orientations,
                a_webp_is_turned_upright_from_all_eight_orientations,
                an_orientation_that_means_nothing_changes_nothing,
            ]
        );
        $crate::__cases!(
            $fresh,
            avatar_pipeline::sizes,
            [
                pictures_of_every_size_become_a_square_of_512,
                a_picture_of_more_than_4096_pixels_a_side_is_too_large,
                a_picture_that_claims_to_be_huge_is_too_large_by_its_header,
                a_picture_whose_pixels_outgrow_64_mebibytes_is_too_large,
            ]
        );
        $crate::__cases!(
            $fresh,
            avatar_pipeline::metadata,
            [
                no_text_of_a_jpeg_survives,
                no_text_of_a_png_survives,
                no_text_of_a_webp_survives,
                nothing_but_what_pixels_need_is_written,
            ]
        );
        $crate::__cases!(
            $fresh,
            avatar_pipeline::refusals,
            [
                what_is_not_a_jpeg_png_or_webp_is_refused,
                a_polyglot_is_refused,
                a_truncated_picture_is_refused,
                a_damaged_picture_is_read_or_refused_and_no_fault_of_ours,
            ]
        );
        $crate::__cases!(
            $fresh,
            avatar_pipeline::load,
            [of_100_pictures_at_once_each_is_made_or_told_to_come_back, a_picture_that_nobody_waits_for_blocks_nobody,]
        );
    };
}
