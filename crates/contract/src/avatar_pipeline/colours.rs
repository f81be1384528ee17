//! Colours that survive JPEG, and how to recognise them.

use image::RgbaImage;

/// What a pixel looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Nothing but red, opaque.
    Red,
    /// Nothing but green, opaque.
    Green,
    /// Nothing but blue, opaque.
    Blue,
    /// All of them, opaque.
    White,
    /// Nothing is seen.
    Clear,
    /// None of those: edges, mostly, or a picture that came out wrong.
    Other,
}

impl Colour {
    /// As the pixel of a picture; what is clear is black, and nobody sees it.
    pub fn pixel(self) -> [u8; 4] {
        match self {
            Self::Red => [255, 0, 0, 255],
            Self::Green => [0, 255, 0, 255],
            Self::Blue => [0, 0, 255, 255],
            Self::White => [255, 255, 255, 255],
            Self::Clear => [0, 0, 0, 0],
            Self::Other => [128, 128, 128, 255],
        }
    }

    /// The colour that a pixel is close to.
    pub fn of(pixel: [u8; 4]) -> Self {
        let close = |colour: &Self| std::iter::zip(colour.pixel(), pixel).all(|(is, seen)| is.abs_diff(seen) < 48);
        let known = [Self::Red, Self::Green, Self::Blue, Self::White, Self::Clear];
        known.into_iter().find(close).unwrap_or(Self::Other)
    }
}

/// What is seen in the middles of the four quarters, row by row.
pub fn quarters(picture: &RgbaImage) -> [Colour; 4] {
    let (width, height) = picture.dimensions();
    let at = |x: u32, y: u32| Colour::of(picture.get_pixel(width * x / 4, height * y / 4).0);
    [at(1, 1), at(3, 1), at(1, 3), at(3, 3)]
}
