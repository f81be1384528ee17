//! `GET /contacts?first_name=&last_name=&email=`

use serde_json::json;

use crate::harness::{App, last_names, merged, named, on_both_databases, people};

on_both_databases!(each_filter_matches_a_part_and_all_must_match, wildcards_are_ordinary_characters);

type Parameters<'a> = &'a [(&'a str, &'a str)];

async fn each_filter_matches_a_part_and_all_must_match(app: App) {
    let user = app.register("user@example.com").await;
    user.create_all(&people()).await;
    let cases: [(Parameters<'_>, &[&str]); 15] = [
        (&[("first_name", "mar")], &["Hamilton", "Rejewski", "Shelley", "Skłodowska-Curie"]),
        (&[("first_name", "MAR"), ("last_name", "ski")], &["Rejewski"]),
        (&[("first_name", "mar"), ("last_name", "sk"), ("email", "curie@")], &["Skłodowska-Curie"]),
        (&[("first_name", "mar"), ("last_name", "sk"), ("email", "nobody")], &[]),
        (&[("first_name", "maria"), ("q", "curie")], &["Skłodowska-Curie"]),
        (&[("first_name", "lovelace")], &[]),
        (&[("last_name", "ŁUK")], &["Łukasiewicz"]),
        (&[("last_name", "gauss")], &["Gauß"]),
        (&[("last_name", "GÖDEL")], &["Gödel"]),
        (&[("last_name", "guðmunds")], &["Guðmundsdóttir"]),
        (&[("last_name", "du chat")], &["du Châtelet"]),
        (&[("last_name", "ΖΆΚΗΣ")], &["Καζαντζάκης"]),
        (&[("email", "ADA.LOVE")], &["Lovelace"]),
        (
            &[("email", "person5"), ("sort", "-email")],
            &["Καζαντζάκης", "Шевченко", "Українка", "Толстой", "駿", "漱石"],
        ),
        (&[("first_name", "夏")], &["漱石"]),
    ];
    for (filters, expected) in cases {
        assert_eq!(last_names(&user.list(filters).await), expected, "{filters:?}");
    }
    // In a query + is a space, as forms have it, and %20 is one too.
    for path in ["/contacts?last_name=Le+Guin", "/contacts?last_name=Le%20Guin"] {
        assert_eq!(last_names(&user.get(path).await.expect(200).json()), ["Le Guin"], "{path}");
    }
}

async fn wildcards_are_ordinary_characters(app: App) {
    let user = app.register("user@example.com").await;
    for last_name in ["100% sure", "under_score", "back\\slash", "plain"] {
        let email = json!({"email": format!("{}@example.com", last_name.len())});
        user.create(merged(named("Somebody", last_name), email)).await;
    }
    let cases: [(&str, &[&str]); 10] = [
        ("%", &["100% sure"]),
        ("_", &["under_score"]),
        ("\\", &["back\\slash"]),
        ("0%", &["100% sure"]),
        ("r_s", &["under_score"]),
        ("u%s", &[]),
        ("p_ain", &[]),
        ("\\%", &[]),
        ("k\\s", &["back\\slash"]),
        ("'", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(last_names(&user.list(&[("last_name", text)]).await), expected, "last_name={text}");
        assert_eq!(last_names(&user.list(&[("q", text)]).await), expected, "q={text}");
    }
    assert_eq!(last_names(&user.list(&[("email", "%")]).await), [""; 0]);
    assert_eq!(last_names(&user.list(&[("first_name", "some_ody")]).await), [""; 0]);
}
