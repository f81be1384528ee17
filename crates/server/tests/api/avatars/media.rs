//! `/media/avatars/...`: pictures that lie on disk, and nothing else that lies there.

use image::ImageFormat;
use reqwest::Method;

use super::{picture, seen, shown_at};
use crate::harness::{RawHttp, Setup};

#[tokio::test]
async fn a_picture_is_shown_on_every_page_and_does_nothing_there() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    let url = shown_at(&user.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200).json());
    let shown = seen(&app, &url).await.expect(200);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cross-origin-resource-policy", "cross-origin"),
        // An address is given once: what is kept is right for ever.
        ("cache-control", "public, max-age=31536000, immutable"),
    ] {
        assert_eq!(shown.header(name), value, "{name}: {:?}", shown.headers);
    }
    let head = app.root().head(url.path()).await.expect(200);
    assert_eq!(head.header("content-length"), shown.body.len().to_string());
    for method in [Method::PUT, Method::POST, Method::DELETE] {
        app.root().request(method, url.path()).await.problem(405, "method_not_allowed");
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let app = Setup::sqlite().start();
    let user = app.register("user@example.com").await;
    let url = shown_at(&user.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200).json());
    let name = url.path().rsplit('/').next().unwrap();
    // The files are there, or there would be nothing to ask for.
    for file in ["contacts.db", "keys/jwt_secret"] {
        assert!(app.setup().folder().join("data").join(file).exists(), "{file}");
    }
    for path in [
        "../../contacts.db".to_owned(),
        "..%2f..%2fcontacts.db".to_owned(),
        "%2e%2e/%2e%2e/contacts.db".to_owned(),
        "%2e%2e%2f%2e%2e%2fkeys%2fjwt_secret".to_owned(),
        "..%5c..%5ccontacts.db".to_owned(),
        "....//....//contacts.db".to_owned(),
        "%252e%252e%252f%252e%252e%252fcontacts.db".to_owned(),
        "/etc/passwd".to_owned(),
        "%2fetc%2fpasswd".to_owned(),
        ".".to_owned(),
        "..".to_owned(),
        String::new(),
        format!("../avatars/{name}"),
        format!("./{name}"),
        format!("{name}/"),
        format!("{name}%00"),
        format!("{name}%00.png"),
        format!("{name}.bak"),
        name.to_uppercase(),
        name.to_uppercase().replace(".JPG", ".jpg"),
        name.replace(".jpg", ".png"),
        name.replace('-', ""),
    ] {
        // By hand, for clients resolve such paths before they send them.
        let request = format!("GET /media/avatars/{path}");
        RawHttp::request(&request, &[], b"").send(app.origin()).problem(404, "not_found");
    }
    RawHttp::request(&format!("GET /media/avatars/{name}"), &[], b"").send(app.origin()).expect(200);
    for path in ["/media", "/media/", "/media/avatars", "/media/contacts.db", "/data/contacts.db"] {
        app.root().get(path).await.problem(404, "not_found");
    }
}
