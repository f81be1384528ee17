//! Uploads, and a look at what became of them.

use std::io::Cursor;

use contacts_domain::{
    avatar::{AvatarFormat, AvatarImage},
    ports::PipelineError,
};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use super::{Pipeline, colours::Colour};

/// The formats that are read.
pub const FORMATS: [ImageFormat; 3] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];

/// What every picture of quarters shows when it is upright: no turn and no mirror shows the same.
pub const UPRIGHT: [Colour; 4] = [Colour::Red, Colour::Green, Colour::Blue, Colour::White];

/// A picture of four quarters, [`UPRIGHT`].
pub fn quarters(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let quarter = usize::from(x >= width / 2) + 2 * usize::from(y >= height / 2);
        Rgba(UPRIGHT[quarter].pixel())
    })
}

/// A picture of one colour.
pub fn plain(width: u32, height: u32, colour: Colour) -> RgbaImage {
    RgbaImage::from_pixel(width, height, Rgba(colour.pixel()))
}

/// The file of a picture, without transparency.
pub fn opaque(picture: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    file(DynamicImage::from(picture.clone()).into_rgb8(), format)
}

/// The file of a picture, with whatever of its transparency the format keeps.
pub fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.into().write_to(&mut Cursor::new(&mut bytes), format).expect("a picture that can be encoded");
    bytes
}

/// What a pipeline makes of an upload, decoded: a square of 512 pixels of the format that it says it is.
pub(super) async fn made(pipeline: &Pipeline, upload: Vec<u8>) -> (AvatarFormat, RgbaImage) {
    let image = pipeline.process(upload).await.expect("a picture that can be read");
    let pixels = decoded(&image);
    (image.format, pixels)
}

/// What is seen of a picture, which must be a file of its format and a square of 512 pixels.
pub(super) fn decoded(image: &AvatarImage) -> RgbaImage {
    let format = match image.format {
        AvatarFormat::Jpeg => ImageFormat::Jpeg,
        AvatarFormat::Png => ImageFormat::Png,
    };
    let picture = image::load_from_memory_with_format(&image.bytes, format).expect("a file of its format");
    assert_eq!((picture.width(), picture.height()), (512, 512));
    picture.into_rgba8()
}

/// Asserts that an upload is refused as no picture that can be read.
pub(super) async fn assert_unsupported(pipeline: &Pipeline, upload: Vec<u8>, what: &str) {
    let result = pipeline.process(upload).await;
    assert!(matches!(result, Err(PipelineError::Unsupported)), "{what}: {result:?}");
}

/// Asserts that an upload is refused as too large.
pub(super) async fn assert_too_large(pipeline: &Pipeline, upload: Vec<u8>, what: &str) {
    let result = pipeline.process(upload).await;
    assert!(matches!(result, Err(PipelineError::TooLarge)), "{what}: {result:?}");
}
