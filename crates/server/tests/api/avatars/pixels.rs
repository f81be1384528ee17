//! Nothing of a file but its pixels is shown, and they are shown upright.

use contacts_contract::avatar_pipeline::{
    colours::Colour,
    files,
    pictures::{opaque, plain, quarters},
};
use image::{GenericImageView, ImageFormat};

use super::{kept, seen, shown_at};
use crate::harness::Setup;

/// What would tell where its owner lives.
const CANARY: &str = "canary 52.2297N 21.0122E";

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn what_a_file_tells_besides_is_neither_shown_nor_kept() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    let jpeg = opaque(&quarters(64, 64), ImageFormat::Jpeg);
    let png = opaque(&quarters(64, 64), ImageFormat::Png);
    for (what, upload) in [
        ("EXIF of a JPEG", files::jpeg_with_exif(&jpeg, &files::exif(1, CANARY))),
        ("a comment", files::jpeg_with(&jpeg, 0xFE, CANARY.as_bytes())),
        ("a film behind a JPEG", [&jpeg[..], b"\0\0\0\x18ftypmp42", CANARY.as_bytes()].concat()),
        ("EXIF of a PNG", files::png_with(&png, b"eXIf", &files::exif(1, CANARY))),
        ("a text of a PNG", files::png_with(&png, b"tEXt", format!("Comment\0{CANARY}").as_bytes())),
    ] {
        assert!(holds(&upload, CANARY), "{what}");
        let answer = user.put_avatar(&upload).await;
        assert_eq!(answer.status, 200, "{what}: {answer}");
        let shown = seen(&app, &shown_at(&answer.json())).await.expect(200);
        let folder = app.setup().folder().join("data/media/avatars");
        let [file] = kept(app.setup().folder()).try_into().expect("one file");
        assert_eq!(std::fs::read(folder.join(file)).unwrap(), shown.body, "{what}");
        for text in [CANARY, "canary", "Exif", "ftyp"] {
            assert!(!holds(&shown.body, text), "{text}: {what}");
        }
    }
}

#[tokio::test]
async fn a_picture_that_lies_on_its_side_is_turned() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    // Red is at the left of the file; turned to the right, as its EXIF says, at the top.
    let mut pixels = plain(400, 400, Colour::Blue);
    for (x, _, pixel) in pixels.enumerate_pixels_mut() {
        if x < 200 {
            *pixel = image::Rgba(Colour::Red.pixel());
        }
    }
    let upload = files::jpeg_with_exif(&opaque(&pixels, ImageFormat::Jpeg), &files::exif(6, "a camera"));
    let url = shown_at(&user.put_avatar(&upload).await.expect(200).json());
    let shown = image::load_from_memory(&seen(&app, &url).await.expect(200).body).unwrap();
    let is_red = |x, y| shown.get_pixel(x, y).0[0] > 128;
    assert!(is_red(50, 50) && is_red(460, 50) && !is_red(50, 460) && !is_red(460, 460));
}
