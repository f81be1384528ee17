//! What a file says of itself, read before a decoder believes it.

mod jpeg;
mod png;
mod polyglot;
mod webp;

use contacts_domain::ports::PipelineError;
use image::ImageFormat;

/// Width and height that a picture may have, in pixels.
pub(crate) const MAX_SIDE: u32 = 4096;

/// Refuses what a decoder would accept, or would refuse only after the memory or the time is spent.
pub(crate) fn check(format: ImageFormat, bytes: &[u8]) -> Result<(), PipelineError> {
    let behind = match format {
        ImageFormat::Jpeg => polyglot::without_what_cameras_append(jpeg::check(bytes)?),
        ImageFormat::WebP => webp::check(bytes)?,
        // The decoder of PNG checks its header and its checksums by itself.
        ImageFormat::Png => png::behind(bytes),
        _ => &[],
    };
    polyglot::check(bytes, behind)
}
