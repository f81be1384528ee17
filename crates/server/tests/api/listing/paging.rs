//! `GET /contacts?limit=&cursor=`

use std::collections::BTreeSet;

use reqwest::Url;
use serde_json::{Value, json};

use super::IN_ORDER;
use crate::harness::{Answer, App, Client, last_names, named, on_both_databases, people};

on_both_databases!(
    paging_delivers_everybody_once,
    the_link_leads_to_the_next_page,
    a_page_has_50_items_and_at_most_200,
    a_limit_that_makes_no_sense_is_refused,
    paging_while_others_write_neither_repeats_nor_skips,
);

async fn paging_delivers_everybody_once(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let pages = user.pages("/contacts", &[("limit", "7")]).await;
    let sizes: Vec<_> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [&[7; 11][..], &[3]].concat());
    assert_eq!(last_names(&json!(pages.concat())), IN_ORDER);
    // A last page that is full is known to be the last one.
    assert_eq!(user.pages("/contacts", &[("limit", "40")]).await.len(), 2);
    assert_eq!(user.pages("/contacts", &[("limit", "80")]).await.len(), 1);

    let lists: [&[(&str, &str)]; 9] = [
        &[("sort", "first_name")],
        &[("sort", "-first_name,last_name")],
        &[("sort", "-email")],
        &[("sort", "birthday")],
        &[("sort", "-birthday,-created_at")],
        &[("sort", "-updated_at")],
        &[("q", "an")],
        &[("email", "example"), ("sort", "last_name,-created_at")],
        &[("first_name", "a"), ("last_name", "a")],
    ];
    for list in lists {
        let whole = user.list(&[list, &[("limit", "200")]].concat()).await;
        let pages = user.pages("/contacts", &[list, &[("limit", "7")]].concat()).await;
        assert_eq!(json!(pages.concat()), whole["items"], "{list:?}");
    }
}

fn next_link(answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    (!link.is_empty()).then(|| {
        let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
        target.unwrap_or_else(|| panic!("{link} is no link to the next page")).to_owned()
    })
}

async fn the_link_leads_to_the_next_page(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    // Characters that a link must escape, each found in everybody's address.
    let mut answer = user.get("/contacts").query(&[("q", "@ example"), ("sort", "-last_name"), ("limit", "30")]).await;
    let here = app.origin().join("/api/v1/contacts").unwrap();
    let mut names = Vec::new();
    loop {
        let page = answer.json();
        names.extend(last_names(&page).into_iter().map(str::to_owned));
        let Some(link) = next_link(&answer) else {
            assert_eq!(page["next_cursor"], Value::Null);
            break;
        };
        let link: Url = here.join(&link).unwrap();
        assert_eq!(link.path(), "/api/v1/contacts");
        let parameters: Vec<(String, String)> = link.query_pairs().into_owned().collect();
        let cursor = parameters.iter().find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.as_str());
        assert_eq!(cursor, page["next_cursor"].as_str(), "both name the same page");
        answer = user.get(&format!("/contacts?{}", link.query().unwrap())).await.expect(200);
    }
    assert!(names.iter().eq(IN_ORDER.iter().rev()), "{names:?}");
    assert_eq!(next_link(&user.get("/contacts?q=nobody").await), None);
}

async fn a_page_has_50_items_and_at_most_200(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let length = async |query: &[(&str, &str)]| user.list(query).await["items"].as_array().unwrap().len();
    assert_eq!(length(&[]).await, 50);
    assert_eq!(length(&[("limit", "1")]).await, 1);
    assert_eq!(length(&[("limit", "79")]).await, 79);
    for more in 80..201 {
        user.create(named("Somebody", &format!("Number {more:03}"))).await;
    }
    for limit in ["200", "201", "1000000", "99999999999999999999999999"] {
        assert_eq!(length(&[("limit", limit)]).await, 200, "{limit}");
    }
    assert_eq!(user.pages("/contacts", &[("limit", "500")]).await[1].len(), 1);
}

async fn a_limit_that_makes_no_sense_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    for path in ["/contacts", "/contacts/birthdays"] {
        for limit in ["-1", "0", "00", "", "all", "1.5", "1e3", "+5", " 5", "0x10", "٣", "-99999999999999999999"] {
            user.get(path).query(&[("limit", limit)]).await.refused(&[("/limit", "out_of_range")]);
        }
    }
}

async fn paging_while_others_write_neither_repeats_nor_skips(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let elsewhere = app.api().logged_in("user@example.com").await;
    let mut delivered: Vec<Value> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = vec![("limit", "7")];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = user.list(&query).await;
        delivered.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = Some(next.to_owned());
        disturb(&elsewhere, page["items"].as_array().unwrap()).await;
    }
    let ids: BTreeSet<_> = delivered.iter().map(|contact| contact["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), delivered.len(), "nobody came twice");
    let names = last_names(&json!(delivered)).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    let missing: Vec<_> = IN_ORDER.iter().filter(|name| !names.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?} did not come");
}

/// New people before and behind what was delivered, one deleted who was, the last one among them: the
/// place from where paging goes on.
async fn disturb(elsewhere: &Client, page: &[Value]) {
    elsewhere.create(named("New", "Aaa")).await;
    elsewhere.create(named("New", "Zzz")).await;
    let last = page.last().unwrap()["id"].as_str().unwrap();
    elsewhere.delete(&format!("/contacts/{last}")).await.expect(204);
}
