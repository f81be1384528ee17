//! The floor: the least that a server can do for an answer, as a yardstick for the real one.
//!
//! A bare actix-web handler, one prepared statement of tokio-postgres for each question, the same SQL as the service's,
//! JSON written by hand. It asks nobody who is there, checks nothing and knows one owner. Each worker has one connection,
//! on which its requests pipeline.

use std::{fmt::Write, net::TcpListener, rc::Rc};

use actix_web::{App, HttpResponse, HttpServer, web};
use tokio_postgres::{Client, NoTls, Row, Statement, types::ToSql};
use uuid::Uuid;

/// What the service reads of a contact. Of these the JSON is made, but for the owner and the number of the change.
pub(crate) const COLUMNS: &str = "contacts.id, contacts.owner_id, contacts.first_name, contacts.last_name, contacts.email, \
    contacts.phone, contacts.phone_e164, contacts.birthday_year, contacts.birthday_month_day, \
    contacts.additional_data, contacts.labels, contacts.seq, contacts.created_at, contacts.updated_at";
/// What else it reads of one in a list: where its cursor would stand.
const KEYS: &str = "first_name_key, last_name_key, CAST(NULL AS text), (0)";

/// The statements, each with its owner as the first parameter.
struct Floor {
    client: Client,
    owner: Uuid,
    one: Statement,
    list: Statement,
    birthdays: Statement,
    search: Statement,
    /// What the search for `wisniewska` asks of the index.
    terms: String,
}

impl Floor {
    async fn new(database: &str, owner: Uuid) -> Self {
        let (client, connection) = tokio_postgres::connect(database, NoTls).await.unwrap();
        actix_web::rt::spawn(connection);
        let list_columns = format!("{COLUMNS}, {KEYS}");
        let prepare = async |columns: &str, rest: &str| {
            let sql = format!("SELECT {columns} FROM contacts WHERE deleted_at IS NULL AND {rest}");
            client.prepare(&sql).await.unwrap()
        };
        let one = prepare(COLUMNS, "owner_id = $1 AND id = $2").await;
        let list = prepare(&list_columns, "owner_id = $1 ORDER BY last_name_key, first_name_key, id LIMIT 51").await;
        let birthdays = prepare(
            &list_columns,
            "owner_id = $1 AND birthday_month_day BETWEEN 610 AND 617 ORDER BY CASE WHEN birthday_month_day = 229 \
                THEN 10228 WHEN birthday_month_day < 610 THEN birthday_month_day + 10000 ELSE birthday_month_day END, \
                last_name_key, first_name_key, id LIMIT 51",
        )
        .await;
        let search = prepare(
            &list_columns,
            "COALESCE(owner_id, owner_id) = $1 \
                AND array_to_tsvector(string_to_array(search_terms, ' ')) @@ CAST(CAST($2 AS text) AS tsquery) \
                AND (search_text LIKE CAST($3 AS text) OR phone_digits LIKE CAST($4 AS text) \
                OR note_words LIKE CAST($5 AS text)) \
                ORDER BY last_name_key, first_name_key, id LIMIT 51",
        )
        .await;
        // Every term begins with the same letters, which are the owner's.
        let sql = "SELECT left(search_terms, 4) FROM contacts WHERE owner_id = $1 LIMIT 1";
        let mark: String = client.query_one(sql, &[&owner]).await.unwrap().get(0);
        let terms = format!("('{mark}twisn' & '{mark}tiews' & '{mark}twska') | '{mark}bwisniews':*");
        Self { client, owner, one, list, birthdays, search, terms }
    }
}

async fn one(floor: web::Data<Rc<Floor>>, id: web::Path<Uuid>) -> HttpResponse {
    let row = floor.client.query_one(&floor.one, &[&floor.owner, &*id]).await.unwrap();
    let mut json = String::with_capacity(512);
    contact(&mut json, &row);
    answer(json)
}

async fn list(floor: web::Data<Rc<Floor>>) -> HttpResponse {
    page(&floor.client.query(&floor.list, &[&floor.owner]).await.unwrap())
}

async fn birthdays(floor: web::Data<Rc<Floor>>) -> HttpResponse {
    page(&floor.client.query(&floor.birthdays, &[&floor.owner]).await.unwrap())
}

async fn search(floor: web::Data<Rc<Floor>>) -> HttpResponse {
    let parameters: [&(dyn ToSql + Sync); 5] = [&floor.owner, &floor.terms, &"%wisniewska%", &"x", &"% wisniewska%"];
    page(&floor.client.query(&floor.search, &parameters).await.unwrap())
}

fn answer(json: String) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(json)
}

fn page(rows: &[Row]) -> HttpResponse {
    let mut json = String::with_capacity(400 * rows.len() + 64);
    json.push_str("{\"items\":[");
    for (index, row) in rows.iter().take(50).enumerate() {
        if index > 0 {
            json.push(',');
        }
        contact(&mut json, row);
    }
    json.push_str("],\"next_cursor\":null}");
    answer(json)
}

/// The texts of the benchmark need no escapes.
fn contact(json: &mut String, row: &Row) {
    let _ = write!(json, "{{\"id\":\"{}\"", row.get::<_, Uuid>(0));
    for (index, name) in ["first_name", "last_name", "email", "phone", "phone_e164"].iter().enumerate() {
        text(json, name, row.get(index + 2));
    }
    match (row.get::<_, Option<i16>>(7), row.get::<_, Option<i16>>(8)) {
        (Some(year), Some(day)) => {
            let _ = write!(json, ",\"birthday\":\"{year:04}-{:02}-{:02}\"", day / 100, day % 100);
        }
        _ => json.push_str(",\"birthday\":null"),
    }
    text(json, "additional_data", row.get(9));
    let _ = write!(json, ",\"labels\":{}", row.get::<_, &str>(10));
    for (index, name) in [(12, "created_at"), (13, "updated_at")] {
        let time: chrono::NaiveDateTime = row.get(index);
        let _ = write!(json, ",\"{name}\":\"{}\"", time.format("%Y-%m-%dT%H:%M:%S%.6fZ"));
    }
    json.push('}');
}

fn text(json: &mut String, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => write!(json, ",\"{name}\":\"{value}\""),
        None => write!(json, ",\"{name}\":null"),
    };
}

/// Serves the contacts of one owner, until the process ends.
pub(crate) fn serve(database: &str, owner: Uuid, workers: usize) -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let database = database.to_owned();
    actix_web::rt::System::new().block_on(
        HttpServer::new(move || {
            let database = database.clone();
            App::new()
                .data_factory(move || {
                    let database = database.clone();
                    async move { Ok::<_, std::convert::Infallible>(Rc::new(Floor::new(&database, owner).await)) }
                })
                .route("/one/{id}", web::get().to(one))
                .route("/list", web::get().to(list))
                .route("/birthdays", web::get().to(birthdays))
                .route("/search", web::get().to(search))
        })
        .workers(workers)
        .listen(listener)?
        .run(),
    )
}
