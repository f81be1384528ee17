//! A service that goes on from an archive.

use serde_json::json;

use super::{done, fresh, with_keys};
use crate::harness::{App, PASSWORD, Setup, ada, last_names, merged, on_both_databases, path_of};

on_both_databases!(
    everything_is_as_it_was_and_clients_read_it_anew,
    what_came_after_a_backup_is_gone_once_it_is_restored,
);

async fn everything_is_as_it_was_and_clients_read_it_anew(setup: Setup) {
    let app = with_keys(setup).start();
    let user = app.register("ada@example.com").await;
    let contact =
        user.create(merged(ada(), json!({"labels": ["Maths 🧮"], "additional_data": "first\n\"🧑‍🚀\" \\ łódź"}))).await;
    let gone = user.create(ada()).await;
    user.delete(&path_of(&gone)).await.expect(204);
    let token = user.get("/contacts/changes").await.expect(200).json()["next_token"].as_str().unwrap().to_owned();
    let session = app.session("ada@example.com").await;
    let profile = user.get("/users/me").await.expect(200).json();

    done(app.setup().run(&["backup", "archive"]));
    let target = fresh(app.setup()).await;
    let archive = app.setup().folder().join("archive");
    let said = done(target.run(&["restore", archive.to_str().unwrap()]));
    assert!(said.contains("Clients will read all contacts anew."), "{said}");
    assert!(said.contains("JWT_SECRET and PASSWORD_PEPPER") && said.contains("neither is in an archive"), "{said}");
    app.stop();

    let app = target.start();
    let user = app.api().logged_in("ada@example.com").await;
    assert_eq!(user.get(&path_of(&contact)).await.expect(200).json(), contact);
    assert_eq!(user.get("/users/me").await.expect(200).json()["id"], profile["id"]);
    user.get("/contacts/changes").query(&[("since", &token)]).await.problem(410, "sync_token_expired");
    // The trash and the sessions of before are there.
    let restored = user.post(&format!("{}/restore", path_of(&gone)), json!({})).await.expect(200).json();
    assert_eq!(restored["id"], gone["id"]);
    app.api().with_token(session.client.token()).get("/users/me").await.expect(200);
}

async fn what_came_after_a_backup_is_gone_once_it_is_restored(setup: Setup) {
    let app = with_keys(setup).start();
    let user = app.register("ada@example.com").await;
    let before = user.create(ada()).await;
    let (refreshed_since, left_alone) = (app.session("ada@example.com").await, app.session("ada@example.com").await);
    done(app.setup().run(&["backup", "archive"]));
    let after = user.create(ada()).await;
    let refreshed = refreshed_since.refreshed().await;
    app.register("grace@example.com").await;
    let (setup, _) = app.stop();

    done(setup.run(&["restore", "archive", "--replace"]));
    let app = setup.start();
    let user = app.api().logged_in("ada@example.com").await;
    user.get(&path_of(&before)).await.expect(200);
    user.get(&path_of(&after)).await.problem(404, "not_found");
    app.api().log_in("grace@example.com", PASSWORD).await.expect(401);
    // Its counter is ahead of what is known: as far as one can tell somebody made it up.
    let api = app.api();
    api.refresh(&refreshed.refresh_token).await.problem(401, "invalid_token");
    api.refresh(&left_alone.refresh_token).await.expect(200);
}

/// The same archive fits into the other database: so a service moves.
async fn a_service_moves(from: Setup, to: Setup) {
    let app: App = with_keys(from).start();
    let user = app.register("ada@example.com").await;
    let contact = user.create(ada()).await;
    done(app.setup().run(&["backup", "archive"]));
    let target = with_keys(to);
    done(target.run(&["restore", app.setup().folder().join("archive").to_str().unwrap()]));
    app.stop();
    let app = target.start();
    let user = app.api().logged_in("ada@example.com").await;
    assert_eq!(user.get(&path_of(&contact)).await.expect(200).json(), contact);
    assert_eq!(last_names(&user.list(&[("q", "ovelac")]).await), ["Lovelace"]);
    user.create(ada()).await;
}

#[tokio::test]
async fn a_service_moves_from_sqlite_to_postgres() {
    a_service_moves(Setup::sqlite(), Setup::postgres().await).await;
}

#[tokio::test]
async fn a_service_moves_from_postgres_to_sqlite() {
    a_service_moves(Setup::postgres().await, Setup::sqlite()).await;
}
