//! `GET /contacts/birthdays`

mod faults;
mod leap_day;
mod paging;
mod today;
mod window;

use serde_json::Value;

use crate::harness::{Client, date};

/// A page of birthdays.
async fn birthdays(user: &Client, query: &[(&str, &str)]) -> Value {
    let page = user.get("/contacts/birthdays").query(query).await.expect(200).json();
    for item in page["items"].as_array().unwrap() {
        let days_until = (date(&item["next_birthday"]) - date(&page["from"])).num_days();
        assert_eq!(item["days_until"], days_until, "{item}");
        assert!(date(&item["next_birthday"]) <= date(&page["through"]), "{item}");
    }
    page
}

/// Who celebrates when: `02-28 Rossini`.
fn celebrations(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| {
            let (day, name) = (item["next_birthday"].as_str().unwrap(), item["contact"]["last_name"].as_str().unwrap());
            format!("{} {name}", &day[5..])
        })
        .collect()
}
