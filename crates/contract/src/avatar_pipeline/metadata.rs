//! Pixels alone survive.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::avatar::{AvatarFormat, AvatarImage};
use image::ImageFormat;

use super::{
    Pipeline,
    colours::Colour,
    files,
    pictures::{FORMATS, file, opaque, plain, quarters},
};

/// A text that must not come out.
const CANARY: &str = "52.2297N 21.0122E <b onclick=alert(1)>";

fn holds(image: &AvatarImage, text: &[u8]) -> bool {
    image.bytes.windows(text.len()).any(|part| part == text)
}

async fn assert_no_text_survives(pipeline: &Pipeline, uploads: Vec<(&str, Vec<u8>)>) {
    for (name, upload) in uploads {
        assert!(upload.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()), "{name} holds the text");
        let image = pipeline.process(upload).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        for text in [CANARY, "onclick", "21.0122", "Exif", "ICC_PROFILE", "http"] {
            assert!(!holds(&image, text.as_bytes()), "{text} of {name}");
        }
    }
}

pub async fn no_text_of_a_jpeg_survives(pipeline: Pipeline) {
    let jpeg = opaque(&quarters(64, 64), ImageFormat::Jpeg);
    let with = |marker, content: &[u8]| files::jpeg_with(&jpeg, marker, content);
    let uploads = vec![
        ("EXIF", files::jpeg_with_exif(&jpeg, &files::exif(1, CANARY))),
        ("XMP", with(0xE1, format!("http://ns.adobe.com/xap/1.0/\0<x>{CANARY}</x>").as_bytes())),
        ("a colour profile", with(0xE2, format!("ICC_PROFILE\0\x01\x01{CANARY}").as_bytes())),
        ("IPTC", with(0xED, format!("Photoshop 3.0\0{CANARY}").as_bytes())),
        ("a segment of nobody", with(0xEF, CANARY.as_bytes())),
        ("a comment", with(0xFE, CANARY.as_bytes())),
        ("another picture behind it", [&jpeg[..], &files::jpeg_with(&jpeg, 0xFE, CANARY.as_bytes())].concat()),
        ("a film behind it", [&jpeg[..], b"\0\0\0\x18ftypmp42", CANARY.as_bytes()].concat()),
    ];
    assert_no_text_survives(&pipeline, uploads).await;
}

pub async fn no_text_of_a_png_survives(pipeline: Pipeline) {
    let whole = file(quarters(64, 64), ImageFormat::Png);
    let mut holed = quarters(64, 64);
    holed.put_pixel(32, 32, image::Rgba(Colour::Clear.pixel()));
    for png in [whole, file(holed, ImageFormat::Png)] {
        let with = |kind, content: &str| files::png_with(&png, kind, content.as_bytes());
        let uploads = vec![
            ("EXIF", files::png_with(&png, b"eXIf", &files::exif(1, CANARY))),
            ("a text", with(b"tEXt", &format!("Comment\0{CANARY}"))),
            ("an international text", with(b"iTXt", &format!("XML:com.adobe.xmp\0\0\0\0\0{CANARY}"))),
            ("a chunk of nobody", with(b"prVt", CANARY)),
        ];
        assert_no_text_survives(&pipeline, uploads).await;
    }
}

pub async fn no_text_of_a_webp_survives(pipeline: Pipeline) {
    let webp = opaque(&quarters(64, 64), ImageFormat::WebP);
    let with = |flags, kind, content: &[u8]| {
        let canvas = files::webp_canvas(flags, 64, 64);
        files::webp(&[canvas, files::webp_pixels(&webp), files::webp_chunk(kind, content)])
    };
    let uploads = vec![
        ("EXIF", with(0b0000_1000, b"EXIF", &files::exif(1, CANARY))),
        ("XMP", with(0b0000_0100, b"XMP ", CANARY.as_bytes())),
        ("a colour profile", with(0b0010_0000, b"ICCP", CANARY.as_bytes())),
        ("a chunk of nobody", with(0, b"PRVT", CANARY.as_bytes())),
    ];
    assert_no_text_survives(&pipeline, uploads).await;
}

pub async fn nothing_but_what_pixels_need_is_written(pipeline: Pipeline) {
    for format in FORMATS {
        let image = pipeline.process(opaque(&quarters(64, 64), format)).await.expect("a picture");
        assert_eq!(image.format, AvatarFormat::Jpeg);
        assert!(image.bytes.ends_with(&[0xFF, 0xD9]), "nothing follows the end");
        for marker in files::jpeg_markers(&image.bytes) {
            // JFIF's own header, tables, the frame and its scan.
            assert!(matches!(marker, 0xE0 | 0xDB | 0xC0 | 0xC4 | 0xDA), "{marker:02X} of {format:?}");
        }
    }
    let clear = file(plain(64, 64, Colour::Clear), ImageFormat::Png);
    let image = pipeline.process(clear).await.expect("a picture");
    assert_eq!(image.format, AvatarFormat::Png);
    for (kind, _) in files::png_chunks(&image.bytes) {
        assert!(matches!(&kind, b"IHDR" | b"IDAT" | b"IEND"), "{}", kind.escape_ascii());
    }
    assert!(image.bytes.ends_with(&files::png_chunk(b"IEND", &[])), "nothing follows the end");
}
