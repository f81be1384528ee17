//! How many instructions a request takes of the server: a figure that does not wobble. `callgrind` counts them.

use std::process::Command;

use crate::{
    beside_the_floor::contacts,
    load,
    place::Place,
    report::{Figures, Report},
};

/// What comes before it fills caches and prepares statements.
const WARM_UP: usize = 100;
const REQUESTS: u64 = 200;

pub(crate) async fn run(place: Place, report: &mut Report) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("bench: instructions are not counted: apt-get install valgrind");
        return;
    }
    let setup = place.setup(4).await;
    let file = setup.folder().join("callgrind");
    let out = format!("--callgrind-out-file={}", file.display());
    let app = setup.under(&["valgrind", "--quiet", "--tool=callgrind", &out]).start();
    let user = app.register("counted@example.com").await;
    let id = contacts(&user).await;
    let client = load::connection();
    let mut dumps = 0;
    for (what, path) in [
        ("a list of 50", "/contacts".to_owned()),
        ("birthdays", "/contacts/birthdays?from=2026-06-10&days=7".to_owned()),
        ("a search", "/contacts?q=wisniewska&sort=last_name,first_name".to_owned()),
        // The last, for meanwhile SQLite merges its index.
        ("one contact", format!("/contacts/{id}")),
    ] {
        let request = load::get(&app, &user, &path);
        for _ in 0..WARM_UP {
            load::send(&client, &request).await;
        }
        control("--zero", app.process().id());
        for _ in 0..REQUESTS {
            load::send(&client, &request).await;
        }
        control("--dump", app.process().id());
        dumps += 1;
        let text = std::fs::read_to_string(format!("{}.{dumps}", file.display())).unwrap();
        let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).unwrap();
        let each = total.trim().parse::<u64>().unwrap() / REQUESTS;
        report.record(place, &format!("{what}: instructions of the server"), Figures::Count(each));
    }
}

fn control(what: &str, process: u32) {
    let output = Command::new("callgrind_control").args([what, &process.to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
