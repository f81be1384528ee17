//! JPEG: whether it is whole, and how often it paints over itself.

use contacts_domain::ports::PipelineError;

/// Scans of one picture. Ten are usual in a progressive one; each may cost as much as the whole picture,
/// though it take but a few bytes of the file.
const MAX_SCANS: usize = 50;

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;

/// What follows the end. The decoder paints grey what is missing of a file that was cut off; here that is a broken
/// picture.
pub(super) fn check(bytes: &[u8]) -> Result<&[u8], PipelineError> {
    let mut scans = 0;
    let mut markers = Markers { rest: bytes };
    while let Some(marker) = markers.next() {
        match marker {
            START_OF_SCAN => scans += 1,
            END_OF_IMAGE if scans > 0 => return Ok(markers.rest),
            _ => {}
        }
        if scans > MAX_SCANS {
            return Err(PipelineError::TooLarge);
        }
    }
    Err(PipelineError::Unsupported)
}

/// The markers in their order, without those that stand inside a segment, as those of a thumbnail do.
struct Markers<'a> {
    rest: &'a [u8],
}

impl Iterator for Markers<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        // Before a marker lies the data of a scan, where FF is followed by 00, or whatever a decoder would skip.
        let at = self.rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF))?;
        let marker = self.rest[at + 1];
        self.rest = &self.rest[at + 2..];
        if !stands_alone(marker) {
            let length = self.rest.first_chunk().map(|length| usize::from(u16::from_be_bytes(*length)))?;
            self.rest = self.rest.get(length.max(2)..)?;
        }
        Some(marker)
    }
}

/// Whether a marker is no segment, with a length and content of its own.
fn stands_alone(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xD0..=0xD7 | START_OF_IMAGE | END_OF_IMAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCAN: [u8; 8] = [0xFF, START_OF_SCAN, 0, 3, 7, 0x11, 0xFF, 0x00];

    fn jpeg(parts: &[&[u8]]) -> Vec<u8> {
        [&[0xFF, START_OF_IMAGE], parts.concat().as_slice()].concat()
    }

    #[test]
    fn a_picture_is_whole_where_its_end_follows_a_scan() {
        let end: &[u8] = &[0xFF, END_OF_IMAGE];
        let thumbnail: &[u8] = &[0xFF, 0xE1, 0, 6, 0xFF, START_OF_SCAN, 0xFF, END_OF_IMAGE];
        let more: &[u8] = b"more";
        for (whole, behind) in [
            (jpeg(&[&SCAN, end]), b"".as_slice()),
            (jpeg(&[thumbnail, &SCAN, end, more]), more),
            (jpeg(&[&SCAN, &[0xFF], end]), b""),
        ] {
            assert_eq!(check(&whole).ok(), Some(behind), "{whole:?}");
        }
        let broken = [vec![], jpeg(&[]), jpeg(&[end]), jpeg(&[&SCAN]), jpeg(&[thumbnail]), jpeg(&[thumbnail, &SCAN])];
        for broken in broken {
            assert!(matches!(check(&broken), Err(PipelineError::Unsupported)), "{broken:?}");
        }
    }

    #[test]
    fn more_scans_than_any_picture_needs_are_too_many() {
        let of = |scans: usize| check(&jpeg(&[&SCAN.repeat(scans), &[0xFF, END_OF_IMAGE]])).map(|_| ());
        assert!(of(MAX_SCANS).is_ok());
        assert!(matches!(of(MAX_SCANS + 1), Err(PipelineError::TooLarge)));
    }
}
