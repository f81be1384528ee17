//! What the commands take, print and refuse.

use serde_json::Value;

use super::{done, fresh, refused, with_keys};
use crate::harness::{App, Setup, ada, on_both_databases};

on_both_databases!(
    the_result_is_lines_or_an_object,
    an_archive_passes_through_pipes,
    a_file_is_not_replaced_unless_that_is_asked_for,
    a_database_is_not_replaced_unless_that_is_asked_for,
    nothing_is_restored_below_a_running_service,
);

async fn the_result_is_lines_or_an_object(app: App) {
    app.register("ada@example.com").await.create(ada()).await;
    let said = done(app.setup().run(&["backup", "archive"]));
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for (table, rows) in [("users", "1"), ("contacts", "1"), ("sessions", "1"), ("audit_log", "2")] {
        assert!(said.lines().any(|line| words(line) == [table, rows]), "{table}: {said}");
    }
    assert!(said.contains("archive holds ") && said.contains("neither keys nor avatars on disk"), "{said}");
    let object: Value = serde_json::from_str(&done(app.setup().run(&["backup", "other", "--json"]))).unwrap();
    let bytes = app.setup().folder().join("other").metadata().unwrap().len();
    assert_eq!((&object["tables"]["users"], &object["bytes"]), (&1.into(), &bytes.into()), "{object}");

    let target = fresh(app.setup()).await;
    let archive = app.setup().folder().join("other");
    let restored: Value =
        serde_json::from_str(&done(target.run(&["restore", archive.to_str().unwrap(), "--json"]))).unwrap();
    for member in ["tables", "rows", "created_at", "schema", "database"] {
        assert_eq!(restored[member], object[member], "{member}");
    }
}

/// As in `contacts backup - | age ... | contacts restore -`.
async fn an_archive_passes_through_pipes(app: App) {
    app.register("ada@example.com").await;
    let output = app.setup().run(&["backup", "-"]);
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("The archive holds "));
    let target = fresh(app.setup()).await;
    std::fs::write(target.folder().join("archive"), output.stdout).unwrap();
    let target = target.under(&["sh", "-c", "exec \"$0\" \"$@\" < archive"]);
    done(target.run(&["restore", "-"]));
    assert_eq!(target.rows("users").await.len(), 1);
}

async fn a_file_is_not_replaced_unless_that_is_asked_for(app: App) {
    let folder = app.setup().folder();
    std::fs::write(folder.join("archive"), "precious").unwrap();
    let error = refused(app.setup().run(&["backup", "archive"]));
    assert_eq!(error, "error: archive is there already. Choose another name, or replace it with `--force`.\n");
    assert_eq!(std::fs::read(folder.join("archive")).unwrap(), b"precious");
    done(app.setup().run(&["backup", "archive", "--force"]));
    assert_private(&folder.join("archive"));
    let error = refused(app.setup().run(&["backup", "no/such/folder/archive"]));
    assert!(error.starts_with("error: Cannot write no/such/folder/archive: "), "{error}");
    let unfinished = folder
        .read_dir()
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".contacts-backup-"));
    assert_eq!(unfinished.count(), 0);
}

/// Nobody else on the machine may read everybody's data.
#[cfg(unix)]
fn assert_private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;

    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(not(unix))]
fn assert_private(_: &std::path::Path) {}

async fn a_database_is_not_replaced_unless_that_is_asked_for(app: App) {
    app.register("ada@example.com").await;
    done(app.setup().run(&["backup", "archive"]));
    let (setup, _) = app.stop();
    let error = refused(setup.run(&["restore", "archive"]));
    assert!(error.contains("Cannot restore into ") && error.contains("its table users has rows"), "{error}");
    std::fs::write(setup.folder().join("part"), &std::fs::read(setup.folder().join("archive")).unwrap()[..500])
        .unwrap();
    let error = refused(setup.run(&["restore", "part", "--replace"]));
    assert!(error.ends_with("the archive is incomplete: it was cut off somewhere.\n"), "{error}");
    std::fs::write(setup.folder().join("note"), "This is a note, and none of the archives.").unwrap();
    let error = refused(setup.run(&["restore", "note", "--replace"]));
    assert!(error.ends_with("this is no archive of this service.\n"), "{error}");
    done(setup.run(&["restore", "archive", "--replace"]));
    with_keys(setup).start();
}

async fn nothing_is_restored_below_a_running_service(app: App) {
    let user = app.register("ada@example.com").await;
    done(app.setup().run(&["backup", "archive"]));
    let error = refused(app.setup().run(&["restore", "archive", "--replace"]));
    assert!(error.ends_with("it is in use, by the service or another command: end that first.\n"), "{error}");
    user.create(ada()).await;
}

#[test]
fn what_is_not_there_is_not_backed_up() {
    let setup = Setup::sqlite();
    let error = refused(setup.run(&["backup", "archive"]));
    assert!(
        error.starts_with("error: Cannot back up sqlite://") && error.ends_with(": there is no such file.\n"),
        "{error}"
    );
    assert!(setup.folder().read_dir().unwrap().next().is_none(), "it leaves nothing behind");
}
