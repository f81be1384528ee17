//! `GET /contacts/birthdays?limit=&cursor=`

use serde_json::{Value, json};

use super::birthdays;
use crate::harness::{App, on_both_databases, people};

on_both_databases!(paging_delivers_every_birthday_once);

async fn paging_delivers_every_birthday_once(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    for rule in ["feb28", "mar1"] {
        user.patch("/users/me", json!({"leap_day_rule": rule})).await.expect(200);
        for from in ["2027-01-01", "2027-02-28", "2027-03-01", "2027-12-31"] {
            let window = [("from", from), ("days", "366")];
            let whole = birthdays(&user, &[&window[..], &[("limit", "200")]].concat()).await;
            assert_eq!(whole["items"].as_array().unwrap().len(), 80);
            let pages = user.pages("/contacts/birthdays", &[&window[..], &[("limit", "7")]].concat()).await;
            assert_eq!(json!(pages.concat()), whole["items"], "from {from} under {rule}");
        }
    }
    // Where no first day is given, the pages after the first keep to the day on which paging began.
    let first = birthdays(&user, &[("days", "366"), ("limit", "79")]).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = birthdays(&user, &[("days", "366"), ("limit", "79"), ("cursor", cursor)]).await;
    assert_eq!((&second["from"], &second["through"]), (&first["from"], &first["through"]));
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next_cursor"]), (1, &Value::Null));
    // Fifty where nothing is said.
    let default = birthdays(&user, &[("days", "366")]).await;
    assert_eq!(default["items"].as_array().unwrap().len(), 50);
}
