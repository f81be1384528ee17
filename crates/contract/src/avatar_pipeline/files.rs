//! Files made by hand: what encoders do not write, and attackers do.

/// A TIFF structure as EXIF has it, with an orientation and a text.
pub fn exif(orientation: u16, text: &str) -> Vec<u8> {
    let text = [text.as_bytes(), b"\0"].concat();
    let length = u32::try_from(text.len()).expect("a short text");
    let mut tiff = b"MM\0\x2A\0\0\0\x08".to_vec();
    tiff.extend(2u16.to_be_bytes());
    // Orientation: one SHORT, in the first half of its field.
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    tiff.extend(orientation.to_be_bytes());
    tiff.extend([0, 0]);
    // ImageDescription: ASCII, behind the directory.
    tiff.extend([0x01, 0x0E, 0, 2]);
    tiff.extend(length.to_be_bytes());
    tiff.extend(38u32.to_be_bytes());
    tiff.extend(0u32.to_be_bytes());
    assert_eq!(tiff.len(), 38);
    tiff.extend(text);
    tiff
}

/// A JPEG with a segment more, right after its start.
pub fn jpeg_with(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a segment").to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, content, &jpeg[2..]].concat()
}

/// A JPEG with EXIF.
pub fn jpeg_with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    jpeg_with(jpeg, 0xE1, &[b"Exif\0\0", exif].concat())
}

/// The kinds of a JPEG's segments, up to its pixels.
pub fn jpeg_markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut markers, mut at) = (Vec::new(), 2);
    while markers.last() != Some(&0xDA) {
        assert_eq!(jpeg[at], 0xFF, "a marker at {at}");
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}

/// The eight bytes that every PNG begins with.
pub const PNG_SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1A\n";

/// One chunk of a PNG, with the checksum that belongs to it.
pub(super) fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a chunk").to_be_bytes();
    let named = [kind.as_slice(), content].concat();
    [length.as_slice(), &named, &crc32(&named).to_be_bytes()].concat()
}

/// Kind and content of each chunk of a PNG.
pub fn png_chunks(png: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let mut rest = png.strip_prefix(PNG_SIGNATURE).expect("a PNG");
    let mut chunks = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).expect("a length");
        let (kind, after) = after.split_first_chunk::<4>().expect("a kind");
        chunks.push((*kind, after[..length].to_vec()));
        rest = &after[length + 4..];
    }
    chunks
}

/// A PNG with a chunk more, right after its header.
pub fn png_with(png: &[u8], kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let header = PNG_SIGNATURE.len() + 25;
    [&png[..header], &png_chunk(kind, content), &png[header..]].concat()
}

/// What a PNG begins with; of the pixels there is next to nothing.
pub fn png_header(width: u32, height: u32, bit_depth: u8, colour_type: u8) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = png_chunk(b"IHDR", &[size.as_slice(), &[bit_depth, colour_type, 0, 0, 0]].concat());
    [PNG_SIGNATURE.as_slice(), &header, &png_chunk(b"IDAT", &[0x78, 0x9C, 0, 0]), &png_chunk(b"IEND", &[])].concat()
}

/// An animation of two pictures of the same size.
pub fn apng(first: &[u8], second: &[u8], width: u32, height: u32) -> Vec<u8> {
    let data = |png: &[u8]| {
        let chunks = png_chunks(png).into_iter().filter(|(kind, _)| kind == b"IDAT");
        chunks.flat_map(|(_, content)| content).collect::<Vec<u8>>()
    };
    let frame = |sequence: u32| {
        let mut control: Vec<u8> = [sequence, width, height, 0, 0].into_iter().flat_map(u32::to_be_bytes).collect();
        control.extend([0, 1, 0, 10, 0, 0]);
        png_chunk(b"fcTL", &control)
    };
    let more = [2u32.to_be_bytes().as_slice(), &data(second)].concat();
    let chunks = [
        png_chunk(b"IHDR", &png_chunks(first)[0].1),
        png_chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        frame(0),
        png_chunk(b"IDAT", &data(first)),
        frame(1),
        png_chunk(b"fdAT", &more),
        png_chunk(b"IEND", &[]),
    ];
    [PNG_SIGNATURE.as_slice(), &chunks.concat()].concat()
}

/// One chunk of a RIFF file, with a byte more where its length is odd.
pub(super) fn webp_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a chunk").to_le_bytes();
    [kind.as_slice(), &length, content, &vec![0; content.len() % 2]].concat()
}

/// A WebP file of chunks.
pub fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
    webp_chunk(b"RIFF", &[b"WEBP".as_slice(), &chunks.concat()].concat())
}

/// The header of an extended WebP: what else it holds, and the size of its canvas.
pub fn webp_canvas(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let side = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    webp_chunk(b"VP8X", &[vec![flags, 0, 0, 0], side(width), side(height)].concat())
}

/// The one chunk of a plain WebP.
pub fn webp_pixels(webp: &[u8]) -> Vec<u8> {
    webp[12..].to_vec()
}

/// An animation of pictures of the same size.
pub fn webp_animation(frames: &[Vec<u8>], width: u32, height: u32) -> Vec<u8> {
    let side = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    let frame = |pixels: &Vec<u8>| {
        let header = [vec![0; 6], side(width), side(height), vec![100, 0, 0, 0]].concat();
        webp_chunk(b"ANMF", &[header, webp_pixels(pixels)].concat())
    };
    let mut chunks = vec![webp_canvas(0b0000_0010, width, height), webp_chunk(b"ANIM", &[0; 6])];
    chunks.extend(frames.iter().map(frame));
    webp(&chunks)
}

/// A lossy WebP of one pixel.
pub const LOSSY_WEBP: &[u8] =
    b"RIFF\x22\0\0\0WEBPVP8 \x16\0\0\0\x30\x01\0\x9D\x01\x2A\x01\0\x01\0\x0E\xC0\xFE\x25\xA4\0\x03\x70\0\0\0\0";

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}
