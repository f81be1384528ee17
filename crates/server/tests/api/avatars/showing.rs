//! Showing a picture, another one, and none any more.

use image::{GenericImageView, ImageFormat};
use serde_json::{Value, json};

use super::{kept, picture, seen, shown_at};
use crate::harness::{App, on_both_databases};

on_both_databases!(
    each_format_becomes_a_square_that_everybody_sees,
    another_picture_has_another_url_and_the_old_one_is_gone,
    a_picture_is_shown_no_more,
    of_many_pictures_at_once_one_is_left,
);

async fn each_format_becomes_a_square_that_everybody_sees(app: App) {
    let user = app.register("user@example.com").await;
    assert_eq!(user.get("/users/me").await.expect(200).json()["avatar_url"], Value::Null);
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let shown = user.put_avatar(&picture(format)).await.expect(200).json();
        assert_eq!(user.get("/users/me").await.expect(200).json(), shown, "{format:?}");
        assert_eq!(shown["email"], "user@example.com");
        // Without any token.
        let answer = seen(&app, &shown_at(&shown)).await.expect(200);
        let media_type = answer.header("content-type").to_owned();
        let stored = ImageFormat::from_mime_type(&media_type).unwrap_or_else(|| panic!("{media_type}"));
        let image = image::load_from_memory_with_format(&answer.body, stored).expect("it is what it says it is");
        assert_eq!(image.dimensions(), (512, 512), "{format:?}");
    }
}

async fn another_picture_has_another_url_and_the_old_one_is_gone(app: App) {
    let user = app.register("user@example.com").await;
    let first = shown_at(&user.put_avatar(&picture(ImageFormat::Png)).await.expect(200).json());
    seen(&app, &first).await.expect(200);
    let second = shown_at(&user.put_avatar(&picture(ImageFormat::Png)).await.expect(200).json());
    assert_ne!(first, second);
    seen(&app, &second).await.expect(200);
    seen(&app, &first).await.problem(404, "not_found");
    assert_eq!(kept(app.setup().folder()), [second.path().rsplit('/').next().unwrap()]);
}

async fn a_picture_is_shown_no_more(app: App) {
    let user = app.register("user@example.com").await;
    user.delete("/users/me/avatar").await.expect(204);
    let url = shown_at(&user.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200).json());
    // The profile is changed apart from the picture.
    let renamed = user.patch("/users/me", json!({"name": "Ada"})).await.expect(200).json();
    assert_eq!(shown_at(&renamed), url);
    for _ in 0..2 {
        user.delete("/users/me/avatar").await.expect(204);
        assert_eq!(user.get("/users/me").await.expect(200).json()["avatar_url"], Value::Null);
        seen(&app, &url).await.problem(404, "not_found");
    }
    assert_eq!(kept(app.setup().folder()), [""; 0]);
}

async fn of_many_pictures_at_once_one_is_left(app: App) {
    let user = app.register("user@example.com").await;
    let uploads = (0..4).map(|_| {
        let user = user.clone();
        tokio::spawn(async move { user.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200).json() })
    });
    for upload in uploads.collect::<Vec<_>>() {
        upload.await.unwrap();
    }
    let url = shown_at(&user.get("/users/me").await.expect(200).json());
    seen(&app, &url).await.expect(200);
    // Whatever was left of the others goes with the next change at the latest.
    let last = shown_at(&user.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200).json());
    assert_eq!(kept(app.setup().folder()), [last.path().rsplit('/').next().unwrap()]);
}
