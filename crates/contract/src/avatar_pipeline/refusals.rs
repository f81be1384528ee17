//! What is not a picture, or was one.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::ports::PipelineError;
use image::ImageFormat;

use super::{
    Pipeline, files,
    pictures::{FORMATS, assert_unsupported, opaque, quarters},
};

pub async fn what_is_not_a_jpeg_png_or_webp_is_refused(pipeline: Pipeline) {
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let bmp = b"BM\x3A\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x04\0\0\0\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xFF\0";
    let uploads: [(&str, &[u8]); 17] = [
        ("nothing", b""),
        ("a byte", b"\xFF"),
        ("zeros", &[0; 1000]),
        ("text", b"not a picture"),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("SVG with a declaration", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("HTML", b"<!doctype html><script>alert(1)</script>"),
        ("GIF", gif),
        ("BMP", bmp),
        ("TIFF", b"II*\0\x08\0\0\0\0\0\0\0\0\0"),
        ("ICO", b"\0\0\x01\0\x01\0\x01\x01\0\0\x01\0\x20\0\x30\0\0\0\x16\0\0\0"),
        ("PDF", b"%PDF-1.7\n%%EOF"),
        ("ZIP", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("AVIF", b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miafMA1B"),
        ("PNG's signature", files::PNG_SIGNATURE),
        ("JPEG's signature", b"\xFF\xD8\xFF\xE0"),
        ("WebP's signature", b"RIFF\x04\0\0\0WEBP"),
    ];
    for (name, upload) in uploads {
        assert_unsupported(&pipeline, upload.to_vec(), name).await;
    }
}

pub async fn a_polyglot_is_refused(pipeline: Pipeline) {
    let page = b"--><html><script>alert(1)</script></html><!--".as_slice();
    let zip = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice();
    for format in FORMATS {
        let whole = opaque(&quarters(64, 64), format);
        for appended in [page, b"<?php system($_GET[0]);", zip, b"PK\x03\x04", b"anything"] {
            let upload = [whole.as_slice(), appended].concat();
            assert_unsupported(&pipeline, upload, &format!("{format:?} with {}", appended.escape_ascii())).await;
        }
        // Some programs fill up the last block.
        assert!(pipeline.process([whole.as_slice(), &[0; 100]].concat()).await.is_ok(), "{format:?}, filled up");
    }
    let jpeg = opaque(&quarters(64, 64), ImageFormat::Jpeg);
    let png = opaque(&quarters(64, 64), ImageFormat::Png);
    for (name, upload) in [
        ("a page in a comment", files::jpeg_with(&jpeg, 0xFE, page)),
        ("a PDF in a comment", files::jpeg_with(&jpeg, 0xFE, b"%PDF-1.7")),
        ("a page behind a second picture", [jpeg.as_slice(), &jpeg, page].concat()),
        ("an archive behind a film", [jpeg.as_slice(), b"\0\0\0\x18ftypmp42", zip].concat()),
        ("a page in a text", files::png_with(&png, b"tEXt", &[b"Comment\0", page].concat())),
    ] {
        assert_unsupported(&pipeline, upload, name).await;
    }
}

pub async fn a_truncated_picture_is_refused(pipeline: Pipeline) {
    for format in FORMATS {
        let whole = opaque(&quarters(200, 200), format);
        for part in 1..20 {
            let upload = whole[..whole.len() * part / 20].to_vec();
            assert_unsupported(&pipeline, upload, &format!("{part} twentieths of a {format:?}")).await;
        }
    }
}

pub async fn a_damaged_picture_is_read_or_refused_and_no_fault_of_ours(pipeline: Pipeline) {
    for format in FORMATS {
        let whole = opaque(&quarters(24, 24), format);
        // Every seventh byte, and each time another of its bits.
        for at in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << (at % 8);
            let result = pipeline.process(damaged).await;
            let expected = matches!(&result, Ok(_) | Err(PipelineError::Unsupported | PipelineError::TooLarge));
            assert!(expected, "{format:?}, damaged at {at}: {result:?}");
        }
    }
}
