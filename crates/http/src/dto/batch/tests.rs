use contacts_application::Error;
use contacts_domain::{
    contact_patch::Change,
    validation::{Violation, ViolationCode},
};

use super::*;
use crate::{json::parse, tests::a_contact};

fn read(body: &str) -> BatchRequest {
    Fields::read(parse(body.as_bytes()).unwrap())
}

fn faults(errors: &ValidationErrors) -> Vec<(&str, ViolationCode)> {
    errors.iter().map(|error| (error.field(), error.code)).collect()
}

#[test]
fn operations_are_read_and_a_batch_is_atomic_unless_it_says_otherwise() {
    let batch = read(
        r#"{"operations": [
            {"op": "create", "contact": {"first_name": "Ada", "labels": ["Chess"], "id": "ignored"}},
            {"op": "update", "id": "x", "patch": {"phone": null}, "if_match": "*"}
        ]}"#,
    );
    assert!(batch.atomic && batch.errors.is_empty());
    let [create, update] = &batch.operations[..] else { panic!("two") };
    let contact = create.contact.as_ref().unwrap();
    assert_eq!((contact.first_name.as_deref(), &contact.labels[..]), (Some("Ada"), &["Chess".to_owned()][..]));
    assert_eq!((update.id.as_deref(), update.if_match.as_deref()), (Some("x"), Some("*")));
    assert_eq!(update.patch.as_ref().unwrap().phone, Change::Clear);
    assert!(!read(r#"{"operations": [], "atomic": false}"#).atomic);
}

#[test]
fn faults_stand_where_they_were_found() {
    let batch =
        read(r#"{"operations": [{"op": 1, "contact": {"email": 5, "mail": "x"}, "patch": [], "x": 1}, 5], "atom": 1}"#);
    assert_eq!(faults(&batch.errors), [("atom", ViolationCode::UnknownField)]);
    let [first, second] = &batch.operations[..] else { panic!("two") };
    let wrong = ViolationCode::WrongType;
    assert_eq!(faults(&first.errors), [("op", wrong), ("patch", wrong), ("x", ViolationCode::UnknownField)]);
    let contact = first.contact.as_ref().unwrap();
    assert_eq!(faults(&contact.errors), [("email", wrong), ("mail", ViolationCode::UnknownField)]);
    assert_eq!(faults(&second.errors), [("", wrong)]);
}

#[test]
fn what_an_operation_does_not_have_is_unknown_even_where_it_is_null() {
    let all = r#""contact": null, "id": null, "patch": null, "if_match": null"#;
    for (op, unknown) in [
        ("create", &["id", "if_match", "patch"][..]),
        ("update", &["contact"]),
        ("delete", &["contact", "patch"]),
        ("upsert", &[]),
    ] {
        let batch = read(&format!(r#"{{"operations": [{{"op": "{op}", {all}}}]}}"#));
        let expected: Vec<_> = unknown.iter().map(|field| (*field, ViolationCode::UnknownField)).collect();
        assert_eq!(faults(&batch.operations[0].errors), expected, "{op}");
    }
}

#[test]
fn operations_are_required_and_too_many_are_not_all_read() {
    for (body, code) in [
        ("{}", ViolationCode::Required),
        (r#"{"operations": null}"#, ViolationCode::Required),
        (r#"{"operations": {}}"#, ViolationCode::WrongType),
    ] {
        assert_eq!(faults(&read(body).errors), [("operations", code)], "{body}");
    }
    let many = format!("{{\"operations\": [{}{{}}]}}", "{},".repeat(9_999));
    assert_eq!(read(&many).operations.len(), 501);
}

#[test]
fn every_operation_is_answered_as_if_it_were_alone() {
    let invalid = Violation::required().at("contact/email");
    let results = [
        Ok(OperationDone::Created(a_contact())),
        Ok(OperationDone::Updated(a_contact())),
        Ok(OperationDone::Deleted),
        Err(Error::NotFound),
        Err(Error::Invalid(invalid.into())),
    ];
    let answer = serde_json::to_value(BatchOutcome::new(&results, "http://base")).unwrap();
    let results = answer["results"].as_array().unwrap();
    let statuses: Vec<_> = results.iter().map(|result| (result["index"].as_u64(), result["status"].as_u64())).collect();
    let expected = [(0, 201), (1, 200), (2, 204), (3, 404), (4, 422)];
    assert_eq!(statuses, expected.map(|(index, status)| (Some(index), Some(status))));
    assert_eq!(results[0]["contact"]["labels"], json!(["Algebra"]));
    assert_eq!(results[1]["etag"], EntityTag::of(&a_contact()).to_string());
    assert_eq!(results[2], json!({"index": 2, "status": 204}));
    let error = &results[3]["error"];
    assert_eq!((&error["code"], &error["type"]), (&json!("not_found"), &json!("http://base/errors/not_found")));
    assert!(error.get("request_id").is_none() && error.get("errors").is_none());
    assert_eq!(results[4]["error"]["errors"][0]["pointer"], "/contact/email");
}
