//! Batches that are wrong in as many ways as fit in them.

use serde_json::{Map, Value, json};

use crate::harness::{App, ada, faults, merged, on_both_databases};

on_both_databases!(a_batch_is_told_a_thousand_faults_and_each_operation_one_at_least);

const OPERATIONS: usize = 500;

/// 500 operations with 390 unknown fields each: about as many values as a body may hold.
fn wrong(atomic: bool) -> Value {
    let unknown: Map<_, _> = (0..390).map(|number| (format!("unknown_{number}"), json!(1))).collect();
    let operation = json!({"op": "create", "contact": merged(ada(), Value::Object(unknown))});
    json!({"operations": vec![operation; OPERATIONS], "atomic": atomic})
}

async fn a_batch_is_told_a_thousand_faults_and_each_operation_one_at_least(app: App) {
    let user = app.register("user@example.com").await;
    let answer = user.post("/contacts/batch", wrong(false)).await.expect(200).json();
    let results = answer["results"].as_array().unwrap();
    let counts: Vec<_> = results
        .iter()
        .map(|result| {
            assert_eq!((&result["status"], &result["error"]["code"]), (&json!(422), &json!("validation_failed")));
            let faults = faults(&result["error"]);
            assert!(faults.iter().all(|(pointer, code)| pointer.starts_with("/contact/") && *code == "unknown_field"));
            faults.len()
        })
        .collect();
    assert_eq!((counts.len(), &counts[..4]), (OPERATIONS, &[390, 390, 220, 1][..]));
    assert!(counts[4..].iter().all(|count| *count == 1), "{counts:?}");

    let refused = user.post("/contacts/batch", wrong(true)).await.problem(422, "batch_failed");
    assert_eq!(faults(&refused).len(), 1000);
    assert_eq!(user.list(&[]).await["items"], json!([]));
}
