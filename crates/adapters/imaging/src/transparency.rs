//! Colours of pixels that are partly seen.
//!
//! A pixel that nobody sees has a colour all the same. Where pixels are mixed, as resizing does, that
//! colour would shine through at the edges, and a picture that was painted over with transparency would
//! still hold what lay beneath. So colours are weighed by how much is seen of them before, and unweighed
//! after.

use image::RgbaImage;

/// Weighs each colour by the pixel's opacity: what is not seen becomes black.
pub(crate) fn weigh(pixels: &mut RgbaImage) {
    for pixel in pixels.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        if alpha < u8::MAX {
            let weighed = |colour| ratio(u32::from(colour) * u32::from(alpha), u32::from(u8::MAX));
            pixel.0 = [weighed(red), weighed(green), weighed(blue), alpha];
        }
    }
}

/// The reverse, as near as a byte can say.
pub(crate) fn unweigh(pixels: &mut RgbaImage) {
    for pixel in pixels.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        if alpha < u8::MAX {
            let unweighed = |colour| ratio(u32::from(colour) * u32::from(u8::MAX), u32::from(alpha));
            pixel.0 = [unweighed(red), unweighed(green), unweighed(blue), alpha];
        }
    }
}

pub(crate) fn is_opaque(pixels: &RgbaImage) -> bool {
    pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX)
}

/// Rounded, at most 255, and 0 of nothing.
fn ratio(part: u32, whole: u32) -> u8 {
    let rounded = (part + whole / 2).checked_div(whole).unwrap_or(0);
    u8::try_from(rounded).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    #[test]
    fn a_colour_comes_back_as_far_as_it_is_seen() {
        for (alpha, tolerance) in [(255, 0), (254, 1), (128, 1), (16, 8)] {
            let colour = [200, 100, 3, alpha];
            let mut pixels = RgbaImage::from_pixel(1, 1, Rgba(colour));
            weigh(&mut pixels);
            unweigh(&mut pixels);
            let off = std::iter::zip(pixels.get_pixel(0, 0).0, colour).map(|(is, was)| is.abs_diff(was)).max();
            assert!(off <= Some(tolerance), "{alpha}: {:?}", pixels.get_pixel(0, 0));
        }
    }

    #[test]
    fn a_colour_that_is_not_seen_is_forgotten() {
        let mut pixels = RgbaImage::from_pixel(1, 1, Rgba([200, 100, 3, 0]));
        weigh(&mut pixels);
        unweigh(&mut pixels);
        assert_eq!(pixels.get_pixel(0, 0).0, [0; 4]);
    }
}
