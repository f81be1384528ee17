//! `/docs`: a page to read and try the API with, from this server alone.

use std::collections::BTreeSet;

use reqwest::Url;

use crate::harness::Setup;

/// The values of an attribute, wherever it stands.
fn attribute<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let pattern = format!(" {name}=\"");
    html.split(pattern.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn the_page_and_all_it_needs_come_from_here() {
    let app = Setup::sqlite().start();
    let page = app.root().get("/docs").await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"), "{page}");
    let html = page.text();
    assert!(!html.contains("http://") && !html.contains("https://"), "the page leads elsewhere: {html}");

    let here = app.origin().join("/docs").unwrap();
    let parts: BTreeSet<Url> =
        ["src", "href"].iter().flat_map(|name| attribute(html, name)).map(|link| here.join(link).unwrap()).collect();
    assert!(parts.iter().any(|part| part.path().ends_with(".js")), "{html}");
    assert!(parts.iter().any(|part| part.path().ends_with(".css")), "{html}");
    let mut texts = html.to_owned();
    for part in parts.iter().filter(|part| part.scheme() != "data") {
        assert_eq!(part.origin(), here.origin(), "{part}");
        let answer = app.root().get(part.path()).await.expect(200);
        // The scripts of the page itself are small; those of its library may name anything.
        if answer.body.len() < 10_000 && part.path().ends_with(".js") {
            texts.push_str(answer.text());
        }
    }
    assert!(texts.contains("openapi.json"), "the page shows the document of this server: {texts}");
}
