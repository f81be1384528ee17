//! A token is good for what it was made for, and for nothing else.

use serde_json::json;

use crate::harness::{App, Letter, on_both_databases};

on_both_databases!(a_token_of_one_kind_is_never_taken_for_another);

const EMAIL: &str = "ada@example.com";

async fn a_token_of_one_kind_is_never_taken_for_another(app: App) {
    app.register(EMAIL).await;
    let session = app.session(EMAIL).await;
    app.api().post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let (verify, reset) =
        (app.mailed_token(Letter::VerifyEmail, EMAIL), app.mailed_token(Letter::ResetPassword, EMAIL));
    let (access, refresh) = (session.client.token(), session.refresh_token.as_str());

    for token in [refresh, &verify, &reset] {
        app.api().with_token(token).get("/users/me").await.problem(401, "invalid_token");
    }
    for token in [access, &verify, &reset] {
        app.api().refresh(token).await.problem(401, "invalid_token");
    }
    for token in [access, refresh, &reset] {
        app.api().post("/auth/email/verify", json!({"token": token})).await.problem(400, "invalid_link");
    }
    for token in [access, refresh, &verify] {
        let body = json!({"token": token, "new_password": "Walrus-Compass-17-Ferry"});
        app.api().post("/auth/password/reset", body).await.problem(400, "invalid_link");
    }
    // None of it harmed what each of them is for.
    session.refreshed().await.assert_alive().await;
    app.api().post("/auth/email/verify", json!({"token": verify})).await.expect(204);
    let body = json!({"token": reset, "new_password": "Walrus-Compass-17-Ferry"});
    app.api().post("/auth/password/reset", body).await.expect(204);
}
