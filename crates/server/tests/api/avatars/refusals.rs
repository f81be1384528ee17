//! What is no picture, or too much of one.

use std::fs;

use contacts_contract::avatar_pipeline::files;
use image::ImageFormat;
use reqwest::Method;

use super::{kept, picture, seen, shown_at};
use crate::harness::{App, Setup, on_both_databases};

on_both_databases!(whatever_is_refused_the_old_picture_stays);

/// A picture of one pixel, in a format that is not shown.
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
const SVG: &[u8] =
    b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>alert(1)</script></svg>";
const HTML: &[u8] = b"<!doctype html><html><script>alert(1)</script></html>";
/// 5 MiB.
const MAX_BYTES: usize = 5 * 1024 * 1024;

/// A picture that is followed by nothing, so that it has so many bytes.
fn padded(length: usize) -> Vec<u8> {
    let mut picture = picture(ImageFormat::Jpeg);
    picture.resize(length, 0);
    picture
}

async fn whatever_is_refused_the_old_picture_stays(app: App) {
    let user = app.register("user@example.com").await;
    let before = user.put_avatar(&picture(ImageFormat::Png)).await.expect(200).json();
    let png = picture(ImageFormat::Png);
    let jpeg = picture(ImageFormat::Jpeg);
    for (what, upload) in [
        ("SVG", SVG.to_vec()),
        ("HTML", HTML.to_vec()),
        ("GIF", GIF.to_vec()),
        ("nothing", vec![]),
        ("noise", vec![0x5A; 10_000]),
        ("the begin of a PNG", png[..png.len() / 2].to_vec()),
        ("the begin of a JPEG", jpeg[..100].to_vec()),
        ("a PNG that begins otherwise", [b"<html>".as_slice(), &png].concat()),
        ("the signature alone", files::PNG_SIGNATURE.to_vec()),
        ("a ZIP", b"PK\x03\x04".to_vec()),
        ("a PNG that is a page", [&png[..], HTML].concat()),
        ("a JPEG that is a page", files::jpeg_with(&jpeg, 0xFE, HTML)),
        ("a JPEG that is an archive", [&jpeg[..], b"PK\x05\x06", &[0; 18]].concat()),
    ] {
        let answer = user.put_avatar(&upload).await;
        assert_eq!(answer.status, 415, "{what}: {answer}");
        answer.problem(415, "unsupported_image");
    }
    for (width, height) in [(60_000, 60_000), (4097, 1), (1, 4097), (u32::MAX >> 1, 1)] {
        user.put_avatar(&files::png_header(width, height, 8, 2)).await.problem(422, "image_too_large");
    }
    // Eight bytes a pixel: small enough in each direction, and yet too much.
    let deep = user.put_avatar(&files::png_header(4096, 4096, 16, 6)).await.problem(422, "image_too_large");
    assert!(deep["detail"].as_str().unwrap().contains("64 MiB"), "{deep}");
    user.put_avatar(&padded(MAX_BYTES + 1)).await.problem(413, "payload_too_large");

    user.put_form(&[]).await.refused(&[("/file", "required")]);
    user.put_form(&[("picture", &png)]).await.refused(&[("/file", "required"), ("/picture", "unknown_field")]);
    user.put_form(&[("file", &png), ("file", &png)]).await.refused(&[("/file", "too_many")]);
    for media_type in ["image/png", "application/json", "application/x-www-form-urlencoded", "multipart/mixed"] {
        let request = user.request(Method::PUT, "/users/me/avatar").body(media_type, png.clone());
        request.await.problem(415, "unsupported_media_type");
    }
    let untyped = user.request(Method::PUT, "/users/me/avatar").body_without_type(png.clone());
    untyped.await.problem(415, "unsupported_media_type");
    let broken = user.request(Method::PUT, "/users/me/avatar").body("multipart/form-data; boundary=x", png);
    broken.await.problem(400, "malformed_multipart");

    assert_eq!(user.get("/users/me").await.expect(200).json(), before);
    seen(&app, &shown_at(&before)).await.expect(200);
    assert_eq!(kept(app.setup().folder()).len(), 1);
}

#[tokio::test]
async fn a_file_of_5_mib_is_not_too_large() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    user.put_avatar(&padded(MAX_BYTES)).await.expect(200);
}

#[tokio::test]
async fn who_has_no_token_is_told_that_first() {
    let app = Setup::sqlite().start();
    let nobody = app.api();
    for upload in [picture(ImageFormat::Png), GIF.to_vec(), vec![0; MAX_BYTES + 1]] {
        nobody.put_avatar(&upload).await.problem(401, "unauthenticated");
        nobody.with_token("nonsense").put_avatar(&upload).await.problem(401, "invalid_token");
    }
    let untyped = nobody.request(Method::PUT, "/users/me/avatar").body("image/png", GIF);
    untyped.await.problem(401, "unauthenticated");
    nobody.delete("/users/me/avatar").await.problem(401, "unauthenticated");
}

/// How many bytes the server ever held at once.
fn peak(app: &App) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", app.process().id())).expect("Linux tells of a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak of its memory");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of KiB") * 1024
}

#[tokio::test]
async fn a_picture_that_claims_to_be_huge_costs_no_memory() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    // One that is right, so that what decoders need anyway is there already.
    user.put_avatar(&picture(ImageFormat::Png)).await.expect(200);
    let before = peak(&app);
    // Of every kind of pixels: 3.6 thousand million of them.
    for (depth, colour) in [(8, 2), (16, 6), (1, 0), (8, 3)] {
        user.put_avatar(&files::png_header(60_000, 60_000, depth, colour)).await.problem(422, "image_too_large");
    }
    let claims = files::webp(&[files::webp_canvas(0, 16_384, 16_384), files::webp_pixels(&picture(ImageFormat::WebP))]);
    user.put_avatar(&claims).await.problem(422, "image_too_large");
    let grown = peak(&app).saturating_sub(before);
    assert!(grown < 100 * 1024 * 1024, "{grown} bytes");
}
