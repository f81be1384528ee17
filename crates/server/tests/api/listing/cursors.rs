//! What a cursor is good for.

use serde_json::Value;

use crate::harness::{App, Client, last_names, named, on_both_databases};

on_both_databases!(a_cursor_belongs_to_its_list, what_is_no_cursor_is_refused);

async fn with_five_contacts(app: &App, email: &str) -> Client {
    let user = app.register(email).await;
    for last_name in ["A", "B", "C", "D", "E"] {
        user.create(named("Somebody", last_name)).await;
    }
    user
}

async fn cursor_of(user: &Client, path: &str, query: &[(&str, &str)]) -> String {
    let page = user.get(path).query(&[query, &[("limit", "2")]].concat()).await.expect(200).json();
    page["next_cursor"].as_str().expect("there is more").to_owned()
}

async fn refused(user: &Client, path: &str, query: &[(&str, &str)]) {
    let problem = user.get(path).query(query).await.problem(422, "invalid_cursor");
    assert_eq!(crate::harness::faults(&problem), [("/cursor", "invalid_cursor")]);
}

async fn a_cursor_belongs_to_its_list(app: App) {
    let user = with_five_contacts(&app, "user@example.com").await;
    let cursor = cursor_of(&user, "/contacts", &[]).await;
    let cursor = cursor.as_str();
    // With another limit it is as good.
    assert_eq!(last_names(&user.list(&[("cursor", cursor), ("limit", "200")]).await), ["C", "D", "E"]);
    assert_eq!(last_names(&user.list(&[("cursor", cursor), ("limit", "1")]).await), ["C"]);
    assert_eq!(last_names(&user.list(&[("cursor", cursor)]).await), ["C", "D", "E"], "and as often as one likes");
    for other in [("sort", "first_name"), ("sort", "-last_name"), ("q", "some"), ("first_name", "some"), ("email", "s")]
    {
        refused(&user, "/contacts", &[other, ("cursor", cursor)]).await;
    }
    refused(&user, "/contacts/birthdays", &[("cursor", cursor)]).await;
    let other_user = with_five_contacts(&app, "other@example.com").await;
    refused(&other_user, "/contacts", &[("cursor", cursor)]).await;

    let filtered = cursor_of(&user, "/contacts", &[("first_name", "some"), ("sort", "last_name")]).await;
    refused(&user, "/contacts", &[("cursor", &filtered)]).await;
    refused(&user, "/contacts", &[("last_name", "some"), ("sort", "last_name"), ("cursor", &filtered)]).await;

    let year = [("days", "366"), ("from", "2027-01-01")];
    let birthdays = cursor_of(&user, "/contacts/birthdays", &year).await;
    refused(&user, "/contacts", &[("cursor", &birthdays)]).await;
    for other in [[("days", "365"), year[1]], [year[0], ("from", "2027-01-02")]] {
        refused(&user, "/contacts/birthdays", &[other[0], other[1], ("cursor", &birthdays)]).await;
    }
    refused(&user, "/contacts/birthdays", &[year[0], year[1], ("tz", "Asia/Tokyo"), ("cursor", &birthdays)]).await;
}

async fn what_is_no_cursor_is_refused(app: App) {
    let user = with_five_contacts(&app, "user@example.com").await;
    let cursor = cursor_of(&user, "/contacts", &[]).await;
    let shortened = &cursor[..cursor.len() - 4];
    let longer = format!("{cursor}AAAA");
    let padded = format!("{cursor}==");
    let another_version = format!("_{}", &cursor[1..]);
    let wrong = ["", "1", "nonsense", "ż", "AAAA", shortened, &longer, &padded, &another_version, &"A".repeat(5_000)];
    for cursor in wrong {
        for path in ["/contacts", "/contacts/birthdays"] {
            refused(&user, path, &[("cursor", cursor)]).await;
        }
    }
    // Whatever else is wrong is said with it, under the general code.
    let answer = user.get("/contacts").query(&[("cursor", "nonsense"), ("limit", "0"), ("sort", "phone")]).await;
    answer.refused(&[("/cursor", "invalid_cursor"), ("/limit", "out_of_range"), ("/sort", "invalid_sort")]);
    // A cursor whose contact is gone still says where to go on.
    let page = user.list(&[("limit", "2")]).await;
    for contact in page["items"].as_array().unwrap() {
        user.delete(&format!("/contacts/{}", contact["id"].as_str().unwrap())).await.expect(204);
    }
    let rest = user.list(&[("cursor", &cursor)]).await;
    assert_eq!((last_names(&rest), &rest["next_cursor"]), (vec!["C", "D", "E"], &Value::Null));
}
