//! `contacts serve --demo`

use serde_json::json;

use crate::harness::{Client, Setup};

#[tokio::test]
async fn the_demo_is_full_of_people_and_leaves_nothing_behind() {
    let setup = Setup::sqlite();
    let process = setup.spawn(&["serve", "--demo"]);
    let origin = process.listening();
    let line = process.banner_line("Demo").expect("the demo says how to log in");
    let (email, rest) = line.split_once(" with the password ").expect("an address and a password");
    let password = rest.split(';').next().unwrap();

    let api = Client::of(&origin);
    let tokens = api.log_in(email, password).await.expect(200).json();
    let user = api.with_token(tokens["access_token"].as_str().unwrap());
    let contacts = user.list(&[("limit", "200")]).await;
    assert_eq!(contacts["items"].as_array().unwrap().len(), 80);
    user.create(json!({"first_name": "A", "last_name": "B", "email": "a@b.cd", "phone": "112", "birthday": "--01-01"}))
        .await;

    let (status, log) = process.terminate();
    assert!(status.success(), "{log}");
    let left: Vec<_> = setup.folder().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}
