//! Pictures are shown the way they were taken.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use image::{ImageFormat, RgbaImage};

use super::{
    Pipeline, colours, files,
    pictures::{UPRIGHT, made, opaque, quarters},
};

/// A picture of quarters as a camera stores it that was held another way: of EXIF's definition, which
/// says on which side of what is seen the first row and the first column of what is stored lie.
fn stored(orientation: u16) -> RgbaImage {
    let upright = quarters(96, 64);
    let (width, height) = upright.dimensions();
    let (right, bottom) = (width - 1, height - 1);
    let turned = orientation >= 5;
    let (stored_width, stored_height) = if turned { (height, width) } else { (width, height) };
    RgbaImage::from_fn(stored_width, stored_height, |column, row| {
        let (x, y) = match orientation {
            // The first row is at the top, the first column at the left.
            1 => (column, row),
            // Top, right.
            2 => (right - column, row),
            // Bottom, right.
            3 => (right - column, bottom - row),
            // Bottom, left.
            4 => (column, bottom - row),
            // Left, top.
            5 => (row, column),
            // Right, top.
            6 => (right - row, column),
            // Right, bottom.
            7 => (right - row, bottom - column),
            // Left, bottom.
            8 => (row, bottom - column),
            other => unreachable!("orientation {other}"),
        };
        *upright.get_pixel(x, y)
    })
}

/// The file of a picture that says how it is to be turned.
fn file(picture: &RgbaImage, format: ImageFormat, orientation: u16) -> Vec<u8> {
    let (plain, exif) = (opaque(picture, format), files::exif(orientation, "held the other way"));
    match format {
        ImageFormat::Jpeg => files::jpeg_with_exif(&plain, &exif),
        ImageFormat::Png => files::png_with(&plain, b"eXIf", &exif),
        _ => {
            let canvas = files::webp_canvas(0b0000_1000, picture.width(), picture.height());
            files::webp(&[canvas, files::webp_pixels(&plain), files::webp_chunk(b"EXIF", &exif)])
        }
    }
}

async fn assert_turned_upright(pipeline: &Pipeline, format: ImageFormat) {
    for orientation in 1..=8 {
        let (_, pixels) = made(pipeline, file(&stored(orientation), format, orientation)).await;
        assert_eq!(colours::quarters(&pixels), UPRIGHT, "{format:?}, orientation {orientation}");
    }
}

pub async fn a_jpeg_is_turned_upright_from_all_eight_orientations(pipeline: Pipeline) {
    assert_turned_upright(&pipeline, ImageFormat::Jpeg).await;
}

pub async fn a_png_is_turned_upright_from_all_eight_orientations(pipeline: Pipeline) {
    assert_turned_upright(&pipeline, ImageFormat::Png).await;
}

pub async fn a_webp_is_turned_upright_from_all_eight_orientations(pipeline: Pipeline) {
    assert_turned_upright(&pipeline, ImageFormat::WebP).await;
}

pub async fn an_orientation_that_means_nothing_changes_nothing(pipeline: Pipeline) {
    let jpeg = opaque(&stored(1), ImageFormat::Jpeg);
    for orientation in [0, 9, 255, 262, u16::MAX] {
        let upload = files::jpeg_with_exif(&jpeg, &files::exif(orientation, ""));
        assert_eq!(colours::quarters(&made(&pipeline, upload).await.1), UPRIGHT, "orientation {orientation}");
    }
    let whole = files::exif(6, "");
    for length in 0..18 {
        let upload = files::jpeg_with_exif(&jpeg, &whole[..length]);
        assert_eq!(colours::quarters(&made(&pipeline, upload).await.1), UPRIGHT, "{length} bytes of EXIF");
    }
}
