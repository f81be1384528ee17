//! PNG: where it ends.

/// The signature (PNG third edition, section 5.2).
const SIGNATURE: usize = 8;
/// Of a chunk besides its content: length, type and checksum.
const FRAME: usize = 12;

/// What follows the chunk `IEND`. Nothing where there is none: the decoder refuses that.
pub(super) fn behind(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        rest = rest.get(length.saturating_add(FRAME)..).unwrap_or_default();
        if after.starts_with(b"IEND") {
            return rest;
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_picture_is_its_last_chunk() {
        let picture = b"\x89PNG\r\n\x1A\n\0\0\0\x04IDATIEND....\0\0\0\0IEND....".as_slice();
        assert_eq!(behind(picture), b"");
        assert_eq!(behind(&[picture, b"more"].concat()), b"more");
        for broken in [&b""[..], b"\x89PNG", b"\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFFIDAT", &picture[..20]] {
            assert_eq!(behind(broken), b"", "{broken:?}");
        }
    }
}
