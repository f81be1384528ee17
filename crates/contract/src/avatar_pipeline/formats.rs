//! Which pictures are read, and what is kept of them.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::avatar::AvatarFormat;
use image::{DynamicImage, GenericImage, ImageFormat, Rgba};

use super::{
    Pipeline,
    colours::{self, Colour},
    files,
    pictures::{FORMATS, UPRIGHT, file, made, opaque, plain, quarters},
};

pub async fn pictures_of_every_format_and_depth_are_read(pipeline: Pipeline) {
    let picture = DynamicImage::from(quarters(64, 64));
    let coloured = [
        ("JPEG", file(picture.to_rgb8(), ImageFormat::Jpeg)),
        ("PNG", file(picture.to_rgb8(), ImageFormat::Png)),
        ("PNG with an alpha channel", file(picture.to_rgba8(), ImageFormat::Png)),
        ("PNG of 16 bits", file(picture.to_rgb16(), ImageFormat::Png)),
        ("PNG of 16 bits with an alpha channel", file(picture.to_rgba16(), ImageFormat::Png)),
        ("WebP", file(picture.to_rgb8(), ImageFormat::WebP)),
        ("WebP with an alpha channel", file(picture.to_rgba8(), ImageFormat::WebP)),
    ];
    for (name, upload) in coloured {
        let (format, pixels) = made(&pipeline, upload).await;
        assert_eq!((format, colours::quarters(&pixels)), (AvatarFormat::Jpeg, UPRIGHT), "{name}");
    }
    let uncoloured = [
        ("grey JPEG", file(picture.to_luma8(), ImageFormat::Jpeg)),
        ("grey PNG", file(picture.to_luma8(), ImageFormat::Png)),
        ("grey PNG with an alpha channel", file(picture.to_luma_alpha8(), ImageFormat::Png)),
        ("grey PNG of 16 bits", file(picture.to_luma16(), ImageFormat::Png)),
        ("lossy WebP", files::LOSSY_WEBP.to_vec()),
    ];
    for (name, upload) in uncoloured {
        assert_eq!(made(&pipeline, upload).await.0, AvatarFormat::Jpeg, "{name}");
    }
}

pub async fn the_middle_of_a_picture_is_kept(pipeline: Pipeline) {
    // A square between two others: left and right of it, then above and below.
    for (width, height, x, y) in [(300, 100, 100, 0), (100, 300, 0, 100), (301, 100, 100, 0), (100, 302, 0, 101)] {
        let mut picture = plain(width, height, Colour::White);
        picture.copy_from(&plain(100, 100, Colour::Green), x, y).expect("it fits");
        for format in FORMATS {
            let (_, pixels) = made(&pipeline, opaque(&picture, format)).await;
            for (x, y) in [(8, 8), (503, 8), (256, 256), (8, 503), (503, 503)] {
                let seen = Colour::of(pixels.get_pixel(x, y).0);
                assert_eq!(seen, Colour::Green, "{format:?}, {width} x {height} at {x}, {y}");
            }
        }
    }
}

pub async fn transparency_is_kept(pipeline: Pipeline) {
    let mut picture = quarters(200, 100);
    picture.copy_from(&plain(100, 50, Colour::Clear), 100, 50).expect("it fits");
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let (made_as, pixels) = made(&pipeline, file(picture.clone(), format)).await;
        assert_eq!(made_as, AvatarFormat::Png);
        let expected = [Colour::Red, Colour::Green, Colour::Blue, Colour::Clear];
        assert_eq!(colours::quarters(&pixels), expected, "{format:?}");
    }
}

pub async fn a_picture_that_hides_nothing_becomes_a_jpeg(pipeline: Pipeline) {
    let mut picture = quarters(300, 100);
    assert_eq!(made(&pipeline, file(picture.clone(), ImageFormat::Png)).await.0, AvatarFormat::Jpeg);
    // What is cut off does not count.
    picture.put_pixel(0, 0, Rgba(Colour::Clear.pixel()));
    assert_eq!(made(&pipeline, file(picture, ImageFormat::Png)).await.0, AvatarFormat::Jpeg);
}

pub async fn a_colour_under_transparency_neither_bleeds_nor_survives(pipeline: Pipeline) {
    // Grey to the left; to the right red that nobody sees.
    let mut picture = plain(40, 40, Colour::Other);
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        if x >= 20 {
            *pixel = Rgba([255, 0, 0, 0]);
        }
    }
    let (format, pixels) = made(&pipeline, file(picture, ImageFormat::Png)).await;
    assert_eq!(format, AvatarFormat::Png);
    for (x, y, pixel) in pixels.enumerate_pixels() {
        let [red, green, blue, alpha] = pixel.0;
        let fades = red.abs_diff(green) < 24 && red.abs_diff(blue) < 24;
        assert!(fades || alpha < 16, "{x}, {y}: {:?}", pixel.0);
        assert!(alpha > 0 || pixel.0 == [0; 4], "{x}, {y}: {:?}", pixel.0);
    }
}

pub async fn of_an_animation_the_first_frame_is_kept(pipeline: Pipeline) {
    let frame = |colour, format| opaque(&plain(32, 32, colour), format);
    let png = |colour| frame(colour, ImageFormat::Png);
    let webp = |colour| frame(colour, ImageFormat::WebP);
    let animations = [
        ("APNG", files::apng(&png(Colour::Green), &png(Colour::Red), 32, 32)),
        ("WebP", files::webp_animation(&[webp(Colour::Green), webp(Colour::Red)], 32, 32)),
    ];
    for (name, upload) in animations {
        let (_, pixels) = made(&pipeline, upload).await;
        assert_eq!(colours::quarters(&pixels), [Colour::Green; 4], "{name}");
    }
}
