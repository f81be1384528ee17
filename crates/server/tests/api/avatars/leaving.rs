//! With an account its picture goes.

use image::ImageFormat;
use serde_json::json;

use super::{kept, picture, seen, shown_at};
use crate::harness::{App, PASSWORD, on_both_databases};

on_both_databases!(the_picture_of_an_account_that_is_deleted_goes_with_it);

async fn the_picture_of_an_account_that_is_deleted_goes_with_it(app: App) {
    let (leaving, staying) = (app.register("leaving@example.com").await, app.register("staying@example.com").await);
    let gone = shown_at(&leaving.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200).json());
    let other = shown_at(&staying.put_avatar(&picture(ImageFormat::Jpeg)).await.expect(200).json());

    leaving.post("/users/me/delete", json!({"password": "wrong"})).await.problem(403, "wrong_password");
    seen(&app, &gone).await.expect(200);

    leaving.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    seen(&app, &gone).await.problem(404, "not_found");
    seen(&app, &other).await.expect(200);
    assert_eq!(kept(app.setup().folder()).len(), 1);
    assert_eq!(app.setup().rows("avatars").await.len(), 1);
}
