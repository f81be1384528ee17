//! How large a picture may be.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::avatar::AvatarFormat;
use image::{DynamicImage, ImageFormat, RgbaImage, imageops::FilterType};

use super::{
    Pipeline,
    colours::{self, Colour},
    files,
    pictures::{FORMATS, UPRIGHT, assert_too_large, file, made, opaque, plain, quarters},
};

pub async fn pictures_of_every_size_become_a_square_of_512(pipeline: Pipeline) {
    for (width, height) in [(1, 1), (2, 1), (1, 4096), (4096, 1), (511, 513)] {
        for format in FORMATS {
            let (_, pixels) = made(&pipeline, opaque(&plain(width, height, Colour::Blue), format)).await;
            assert_eq!(colours::quarters(&pixels), [Colour::Blue; 4], "{format:?}, {width} x {height}");
        }
    }
    for side in [512, 4096] {
        let picture = DynamicImage::from(quarters(64, 64)).resize_exact(side, side, FilterType::Nearest).into_rgb8();
        for format in FORMATS {
            let (_, pixels) = made(&pipeline, file(picture.clone(), format)).await;
            assert_eq!(colours::quarters(&pixels), UPRIGHT, "{format:?}, {side} x {side}");
        }
    }
    // The most memory that a picture may take.
    let clear = file(RgbaImage::new(4096, 4096), ImageFormat::Png);
    assert_eq!(made(&pipeline, clear).await.0, AvatarFormat::Png);
}

pub async fn a_picture_of_more_than_4096_pixels_a_side_is_too_large(pipeline: Pipeline) {
    for (width, height) in [(4097, 1), (1, 4097)] {
        let picture = plain(width, height, Colour::Blue);
        for format in FORMATS {
            assert_too_large(&pipeline, opaque(&picture, format), &format!("{format:?}, {width} x {height}")).await;
        }
    }
}

pub async fn a_picture_that_claims_to_be_huge_is_too_large_by_its_header(pipeline: Pipeline) {
    for (width, height) in [(60_000, 60_000), (4096, 4097), (1, i32::MAX.unsigned_abs())] {
        let upload = files::png_header(width, height, 8, 6);
        assert_too_large(&pipeline, upload, &format!("PNG, {width} x {height}")).await;
    }
    let mut jpeg = opaque(&plain(8, 8, Colour::Blue), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("the header of a frame");
    // After the marker, the length and the depth: the height, then the width.
    jpeg[frame + 5..frame + 9].copy_from_slice(&[60_000u16.to_be_bytes(), 60_000u16.to_be_bytes()].concat());
    assert_too_large(&pipeline, jpeg, "JPEG").await;
    let pixels = files::webp_pixels(&opaque(&plain(8, 8, Colour::Blue), ImageFormat::WebP));
    let webp = files::webp(&[files::webp_canvas(0, 60_000, 60_000), pixels]);
    assert_too_large(&pipeline, webp, "WebP").await;
    // A frame that is larger than the canvas that it is painted on.
    let mut frame = files::webp_pixels(files::LOSSY_WEBP);
    frame[14..18].copy_from_slice(&[16_383u16.to_le_bytes(), 16_383u16.to_le_bytes()].concat());
    let webp = files::webp(&[files::webp_canvas(0, 1, 1), frame]);
    assert_too_large(&pipeline, webp, "WebP with a huge frame").await;
}

pub async fn a_picture_whose_pixels_outgrow_64_mebibytes_is_too_large(pipeline: Pipeline) {
    // Eight bytes a pixel.
    assert_too_large(&pipeline, files::png_header(4096, 4096, 16, 6), "PNG of 16 bits").await;
}
