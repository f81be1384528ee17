//! From the bytes of an upload to the bytes of a picture that is safe to show.

use std::io::Cursor;

use contacts_domain::{
    avatar::{AVATAR_SIZE, AvatarFormat, AvatarImage},
    ports::PipelineError,
};
use image::{
    DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Pixel, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::{self, FilterType},
    metadata::Orientation,
};

use crate::{claims, transparency};

/// What the pixels of an upload may take, in bytes: 4096 x 4096 with transparency. To mix and turn them
/// takes about as much again.
const MAX_MEMORY: u64 = 64 * 1024 * 1024;
/// From 1 to 100: beyond this, files grow faster than they look better.
const JPEG_QUALITY: u8 = 85;

/// Decodes an upload, turns it upright, cuts out its middle, and encodes that anew.
pub(crate) fn make(upload: &[u8]) -> Result<AvatarImage, PipelineError> {
    let (picture, orientation) = decode(upload)?;
    let mut square = shrink(picture);
    // The middle is the middle whichever way it is turned, and by now there is little left to turn.
    square.apply_orientation(orientation);
    encode(&square)
}

fn decode(upload: &[u8]) -> Result<(DynamicImage, Orientation), PipelineError> {
    let format = image::guess_format(upload).map_err(unreadable)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PipelineError::Unsupported);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(claims::MAX_SIDE);
    limits.max_image_height = Some(claims::MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    limits.reserve(decoder.total_bytes()).map_err(unreadable)?;
    claims::check(format, upload)?;
    let orientation = decoder.orientation().map_err(unreadable)?;
    Ok((DynamicImage::from_decoder(decoder).map_err(unreadable)?, orientation))
}

/// The square in the middle, resized.
fn shrink(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return middle(&picture.into_rgb8()).into();
    }
    let mut pixels = picture.into_rgba8();
    transparency::weigh(&mut pixels);
    let mut square: RgbaImage = middle(&pixels);
    drop(pixels);
    if transparency::is_opaque(&square) {
        return DynamicImage::from(square).into_rgb8().into();
    }
    transparency::unweigh(&mut square);
    square.into()
}

fn middle<P>(pixels: &ImageBuffer<P, Vec<u8>>) -> ImageBuffer<P, Vec<u8>>
where
    P: Pixel<Subpixel = u8> + 'static,
{
    let (width, height) = pixels.dimensions();
    let side = width.min(height);
    let square = imageops::crop_imm(pixels, (width - side) / 2, (height - side) / 2, side, side);
    imageops::resize(&*square, AVATAR_SIZE, AVATAR_SIZE, FilterType::Lanczos3)
}

fn encode(square: &DynamicImage) -> Result<AvatarImage, PipelineError> {
    let mut bytes = Vec::new();
    let format = if square.color().has_alpha() { AvatarFormat::Png } else { AvatarFormat::Jpeg };
    let written = match format {
        AvatarFormat::Png => square.write_with_encoder(PngEncoder::new(&mut bytes)),
        AvatarFormat::Jpeg => square.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)),
    };
    written.map_err(|error| PipelineError::Backend(error.into()))?;
    Ok(AvatarImage { format, bytes })
}

fn unreadable(error: ImageError) -> PipelineError {
    match error {
        ImageError::Limits(_) => PipelineError::TooLarge,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        // Of a file in memory: it ends too soon.
        | ImageError::IoError(_) => PipelineError::Unsupported,
    }
}
