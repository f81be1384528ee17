//! The Redis that the tests share, and a look into any beside the server.

/// The Redis that the tests were given.
pub(crate) fn redis_url() -> String {
    std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is not set: run the tests with `make test`")
}

/// Every key of a Redis with its value, as text.
pub(crate) fn redis_content(url: &str) -> Vec<(String, String)> {
    let client = redis::Client::open(url).expect("the URL of a Redis");
    let mut connection = client.get_connection().expect("Redis answers");
    let keys: Vec<Vec<u8>> = redis::cmd("KEYS").arg("*").query(&mut connection).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    keys.iter()
        .map(|key| {
            // Nothing, where it has expired in this moment. All that is kept is plain text.
            let value: Option<Vec<u8>> = redis::cmd("GET").arg(key).query(&mut connection).expect("a plain value");
            (text(key), text(&value.unwrap_or_default()))
        })
        .collect()
}
