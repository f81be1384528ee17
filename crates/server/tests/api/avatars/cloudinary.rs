//! Pictures in Cloudinary, of which there is a stand-in here.

use contacts_contract::servers::cloudinary::{self, API_SECRET, Answer, FakeCloudinary};
use image::{GenericImageView, ImageFormat};
use reqwest::Url;
use serde_json::{Value, json};

use super::{picture, shown_at};
use crate::harness::{PASSWORD, Setup, on_both_databases};

on_both_databases!(
    a_picture_is_kept_and_shown_by_cloudinary,
    while_cloudinary_fails_the_old_picture_stays,
    what_could_not_be_removed_is_removed_later,
);

/// A server that keeps its pictures there.
fn led_to(cloudinary: &FakeCloudinary, setup: Setup) -> Setup {
    let setup = setup.env("CLOUDINARY_URL", &cloudinary.account_url());
    cloudinary.environment().iter().fold(setup, |setup, (name, value)| setup.env(name, value))
}

async fn seen(cloudinary: &FakeCloudinary, url: &Url) -> Option<Vec<u8>> {
    cloudinary::read(&cloudinary.proxy_url(), url.as_str()).await.unwrap()
}

async fn a_picture_is_kept_and_shown_by_cloudinary(setup: Setup) {
    let cloudinary = FakeCloudinary::start();
    let app = led_to(&cloudinary, setup).start();
    let user = app.register("user@example.com").await;
    let first = shown_at(&user.put_avatar(&picture(ImageFormat::WebP)).await.expect(200).json());
    assert_eq!((first.scheme(), first.host_str()), ("https", Some("res.cloudinary.com")));
    let image = image::load_from_memory(&seen(&cloudinary, &first).await.expect("everybody sees it")).unwrap();
    assert_eq!(image.dimensions(), (512, 512));

    let second = shown_at(&user.put_avatar(&picture(ImageFormat::Png)).await.expect(200).json());
    assert_ne!(first, second);
    assert_eq!(seen(&cloudinary, &first).await, None, "the old one is gone");
    assert!(seen(&cloudinary, &second).await.is_some());
    assert_eq!(user.get("/users/me").await.expect(200).json()["avatar_url"], second.as_str());

    user.delete("/users/me/avatar").await.expect(204);
    assert_eq!(user.get("/users/me").await.expect(200).json()["avatar_url"], Value::Null);
    assert!(cloudinary.stored().is_empty());

    user.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200);
    user.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    assert!(cloudinary.stored().is_empty(), "with the account its picture goes");
    // Nothing lies on the disk, and nothing there is served.
    assert!(!app.setup().folder().join("data/media").exists());
    app.root().get("/media/avatars/0193f3a4-7d6b-7000-8000-000000000000.jpg").await.problem(404, "not_found");
    let (_, log) = app.stop();
    assert!(!log.contains(API_SECRET) && !log.contains("a%2F"), "{log}");
}

async fn while_cloudinary_fails_the_old_picture_stays(setup: Setup) {
    let cloudinary = FakeCloudinary::start();
    let app = led_to(&cloudinary, setup).start();
    let user = app.register("user@example.com").await;
    let before = user.put_avatar(&picture(ImageFormat::Png)).await.expect(200).json();
    for trouble in [Answer::Error("canary".to_owned()), Answer::Garbage, Answer::Disconnect] {
        cloudinary.set_answer(trouble.clone());
        let answer = user.put_avatar(&picture(ImageFormat::Png)).await;
        assert_eq!(answer.status, 503, "{trouble:?}: {answer}");
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0, "{answer}");
        assert!(!answer.text().contains("canary"), "nothing of the inside is told: {answer}");
        assert_eq!(user.get("/users/me").await.expect(200).json(), before, "{trouble:?}");
        assert!(seen(&cloudinary, &shown_at(&before)).await.is_some(), "{trouble:?}");
    }
    cloudinary.set_answer(Answer::Normal);
    let after = user.put_avatar(&picture(ImageFormat::Png)).await.expect(200).json();
    assert_ne!(after["avatar_url"], before["avatar_url"]);
    assert_eq!(seen(&cloudinary, &shown_at(&before)).await, None);
}

async fn what_could_not_be_removed_is_removed_later(setup: Setup) {
    let cloudinary = FakeCloudinary::start();
    let app = led_to(&cloudinary, setup).start();
    let user = app.register("user@example.com").await;
    user.put_avatar(&picture(ImageFormat::Png)).await.expect(200);
    cloudinary.set_answer(Answer::Disconnect);
    // The user is told of no trouble that is not theirs.
    user.delete("/users/me/avatar").await.expect(204);
    assert_eq!(user.get("/users/me").await.expect(200).json()["avatar_url"], Value::Null);
    assert_eq!(cloudinary.stored().len(), 1);
    cloudinary.set_answer(Answer::Normal);
    user.put_avatar(&picture(ImageFormat::Png)).await.expect(200);
    assert_eq!(cloudinary.stored().len(), 1, "the new one alone");
}

/// It takes as long as the service is waited for.
#[tokio::test]
async fn a_cloudinary_that_says_nothing_is_not_waited_for_without_end() {
    let cloudinary = FakeCloudinary::start();
    let app = led_to(&cloudinary, Setup::sqlite()).start();
    let user = app.register("user@example.com").await;
    let before = user.put_avatar(&picture(ImageFormat::Png)).await.expect(200).json();
    cloudinary.set_answer(Answer::Silence);
    user.put_avatar(&picture(ImageFormat::Png)).await.problem(503, "unavailable");
    assert_eq!(user.get("/users/me").await.expect(200).json(), before);
    assert!(seen(&cloudinary, &shown_at(&before)).await.is_some());
    // What could be done is done, and said so.
    user.delete("/users/me/avatar").await.expect(204);
    assert_eq!(user.get("/users/me").await.expect(200).json()["avatar_url"], Value::Null);
}
