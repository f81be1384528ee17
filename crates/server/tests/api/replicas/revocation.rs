//! What ends a session on one replica ends it on the other.

use serde_json::json;

use super::{EMAIL, Replica, Service, assert_refused, assert_refused_soon};
use crate::harness::{Letter, PASSWORD, Session};

const NEW_PASSWORD: &str = "Heron-Compass-77-Velvet";

#[tokio::test]
async fn a_logout_on_one_replica_counts_there_at_once_and_on_the_other_soon() {
    let service = Service::start().await;
    let (session, elsewhere) = service.session().await;
    let (stays, stays_elsewhere) = service.session().await;
    session.client.request(reqwest::Method::POST, "/auth/logout").await.expect(204);
    assert_refused(&session.client).await;
    assert_refused_soon(&elsewhere).await;
    stays.assert_alive().await;
    stays_elsewhere.get("/users/me").await.expect(200);
}

#[tokio::test]
async fn a_session_that_its_user_ends_on_one_replica_ends_on_the_other() {
    let service = Service::start().await;
    let (session, elsewhere) = service.session().await;
    let (other_session, _) = service.session().await;
    let sessions = session.client.get("/users/me/sessions").await.expect(200).json();
    let mut sessions = sessions["items"].as_array().unwrap().iter();
    let id = sessions.find(|session| session["current"] == true).unwrap()["id"].as_str().unwrap().to_owned();
    other_session.client.delete(&format!("/users/me/sessions/{id}")).await.expect(204);
    assert_refused(&session.client).await;
    assert_refused_soon(&elsewhere).await;
    other_session.assert_alive().await;
}

#[tokio::test]
async fn another_password_on_one_replica_ends_the_other_sessions_on_both() {
    let service = Service::start().await;
    let (session, elsewhere) = service.session().await;
    let (keeps, keeps_elsewhere) = service.session().await;
    let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
    keeps.client.post("/users/me/password", change).await.expect(204);
    assert_refused(&session.client).await;
    assert_refused_soon(&elsewhere).await;
    keeps.assert_alive().await;
    keeps_elsewhere.get("/users/me").await.expect(200);
    service.other.api.log_in(EMAIL, PASSWORD).await.problem(401, "invalid_credentials");
    service.other.api.log_in(EMAIL, NEW_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_reset_password_on_one_replica_ends_all_sessions_on_both() {
    let mut service = Service::start().await;
    // Either replica may send a mail: one alone is sure to.
    drop(service.other.process);
    let Replica { process, api } = &service.one;
    api.post("/auth/password/forgot", json!({"email": EMAIL})).await.expect(202);
    let token = process.mail_number(1, Letter::ResetPassword, EMAIL).token();
    service.other = Replica::start(&service.setup);
    service.other.hears(1);

    let (session, elsewhere) = service.session().await;
    let reset = json!({"token": token, "new_password": NEW_PASSWORD});
    service.one.api.post("/auth/password/reset", reset).await.expect(204);
    assert_refused(&session.client).await;
    assert_refused_soon(&elsewhere).await;
    Session::begin(&service.other.api, EMAIL, NEW_PASSWORD).await.assert_alive().await;
}

#[tokio::test]
async fn an_account_that_is_deleted_on_one_replica_is_gone_on_both() {
    let service = Service::start().await;
    let (session, elsewhere) = service.session().await;
    let (second, second_elsewhere) = service.session().await;
    session.client.post("/users/me/delete", json!({"password": PASSWORD})).await.expect(204);
    assert_refused(&session.client).await;
    assert_refused(&second.client).await;
    assert_refused_soon(&elsewhere).await;
    assert_refused_soon(&second_elsewhere).await;
    service.other.api.log_in(EMAIL, PASSWORD).await.problem(401, "invalid_credentials");
}
