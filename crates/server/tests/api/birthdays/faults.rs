//! Windows that make no sense.

use crate::harness::{App, on_both_databases};

on_both_databases!(a_window_that_makes_no_sense_is_refused);

async fn a_window_that_makes_no_sense_is_refused(app: App) {
    let user = app.register("user@example.com").await;
    let cases: [(&str, &str, &[&str]); 4] = [
        ("days", "out_of_range", &["-1", "367", "", "week", "1.5", "+7", "99999999999999999999"]),
        (
            "tz",
            "invalid_time_zone",
            &["", "Mars/Olympus_Mons", "Warsaw", "+02:00", "europe/warsaw ", "../../etc/passwd"],
        ),
        (
            "from",
            "invalid_date",
            &[
                "",
                "2027-02-29",
                "2027-02-30",
                "2027-13-01",
                "2027-1-1",
                "--02-28",
                "today",
                "2027-01-01T00:00:00Z",
                "+2027-01-1",
            ],
        ),
        ("from", "out_of_range", &["9999-12-31"]),
    ];
    for (parameter, code, values) in cases {
        for value in values {
            let answer = user.get("/contacts/birthdays").query(&[(parameter, value)]).await;
            answer.refused(&[(&format!("/{parameter}"), code)]);
        }
    }
    let everything = [("days", "-1"), ("tz", "x"), ("from", "x"), ("limit", "x"), ("sort", "email"), ("q", "x")];
    user.get("/contacts/birthdays").query(&everything).await.refused(&[
        ("/days", "out_of_range"),
        ("/tz", "invalid_time_zone"),
        ("/from", "invalid_date"),
        ("/limit", "out_of_range"),
        ("/sort", "unknown_parameter"),
        ("/q", "unknown_parameter"),
    ]);
    for days in ["0", "366"] {
        user.get("/contacts/birthdays").query(&[("days", days)]).await.expect(200);
    }
}
