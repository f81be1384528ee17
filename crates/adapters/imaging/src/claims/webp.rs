//! WebP: whether a frame is larger than any picture may be.

use contacts_domain::ports::PipelineError;

use super::MAX_SIDE;

/// RIFF, the length, WEBP.
const FILE_HEADER: usize = 12;
/// Place, size and duration of a frame of an animation, before the chunks that it consists of.
const FRAME_HEADER: usize = 16;

/// What follows the end. The size of the canvas is checked like that of any picture. A lossy frame says its size once more, and
/// the decoder makes room for it before it compares the two.
pub(super) fn check(bytes: &[u8]) -> Result<&[u8], PipelineError> {
    let chunks = Chunks { rest: bytes.get(FILE_HEADER..).unwrap_or_default() };
    let within_frames = chunks.filter(|(name, _)| *name == *b"ANMF");
    let within_frames =
        within_frames.flat_map(|(_, frame)| Chunks { rest: frame.get(FRAME_HEADER..).unwrap_or_default() });
    for (name, content) in chunks.chain(within_frames) {
        if name == *b"VP8 " && lossy_size(content).is_some_and(|size| size.into_iter().any(|side| side > MAX_SIDE)) {
            return Err(PipelineError::TooLarge);
        }
    }
    Ok(behind(bytes))
}

/// What the file does not count as its own.
fn behind(bytes: &[u8]) -> &[u8] {
    let mut file = Chunks { rest: bytes };
    file.next();
    file.rest
}

/// Width and height of a lossy frame (RFC 6386, section 9.1): 14 bits each, after a tag and a start code of
/// three bytes each.
fn lossy_size(content: &[u8]) -> Option<[u32; 2]> {
    let [width_low, width_high, height_low, height_high] = *content.get(6..)?.first_chunk()?;
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    Some([side(width_low, width_high), side(height_low, height_high)])
}

/// Name and content of each chunk (RFC 9649, section 2.3). The last one may be cut off.
#[derive(Clone, Copy)]
struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.rest.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let content = &rest[..length.min(rest.len())];
        // Content of an odd length is followed by a byte that does not count.
        self.rest = rest.get(length.saturating_add(length % 2)..).unwrap_or_default();
        Some((*name, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [name.as_slice(), &length, content, &vec![0; content.len() % 2]].concat()
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
        chunk(b"VP8 ", &[&[0x10, 0, 0, 0x9D, 0x01, 0x2A], size.as_slice(), b"data."].concat())
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP".as_slice(), &chunks.concat()].concat()
    }

    #[test]
    fn a_lossy_frame_may_not_outgrow_what_a_picture_may_be() {
        let canvas = || chunk(b"VP8X", &[0; 10]);
        let animated = |frame: &[u8]| chunk(b"ANMF", &[&[0; FRAME_HEADER], frame].concat());
        for (width, height, fits) in [(1, 1, true), (4096, 4096, true), (4097, 1, false), (1, 16383, false)] {
            let frame = lossy(width, height);
            let alone = file(std::slice::from_ref(&frame));
            let after_odd = file(&[canvas(), chunk(b"EXIF", b"odd"), frame.clone()]);
            let second = file(&[canvas(), animated(&lossy(1, 1)), animated(&[chunk(b"ALPH", b"a"), frame].concat())]);
            for bytes in [alone, after_odd, second] {
                assert_eq!(check(&bytes).is_ok(), fits, "{width} x {height}");
            }
        }
        for broken in [b"".to_vec(), b"RIFF".to_vec(), file(&[b"VP8 \xFF\xFF\xFF\xFF\0".to_vec()])] {
            assert!(check(&broken).is_ok(), "that is for the decoder to refuse");
        }
    }

    #[test]
    fn a_file_says_how_long_it_is() {
        let whole = chunk(b"RIFF", &[b"WEBP".as_slice(), &lossy(1, 1)].concat());
        assert_eq!(check(&whole).ok(), Some(b"".as_slice()));
        assert_eq!(check(&[whole.as_slice(), b"more"].concat()).ok(), Some(b"more".as_slice()));
    }
}
