use super::*;
use crate::json::parse;

struct Probe {
    name: Option<String>,
    note: Change<String>,
    labels: Change<Vec<String>>,
    sure: Option<bool>,
    part: Option<Part>,
    parts: Option<Vec<Part>>,
    errors: ValidationErrors,
}

struct Part {
    name: Option<String>,
    errors: ValidationErrors,
}

impl FromFields for Probe {
    type Schema = ();

    fn from_fields(fields: &mut Fields) -> Self {
        fields.ignore(&["id"]);
        Self {
            name: fields.text("name"),
            note: fields.change("note"),
            labels: fields.change_texts("labels"),
            sure: fields.bool("sure"),
            part: fields.object("part"),
            parts: fields.objects("parts", 3),
            errors: ValidationErrors::new(),
        }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

impl FromFields for Part {
    type Schema = ();

    fn from_fields(fields: &mut Fields) -> Self {
        Self { name: fields.text("name"), errors: ValidationErrors::new() }
    }

    fn errors(&mut self) -> &mut ValidationErrors {
        &mut self.errors
    }
}

fn read(body: &str) -> Probe {
    Fields::read(parse(body.as_bytes()).unwrap())
}

fn faults(errors: &ValidationErrors) -> Vec<(&str, ViolationCode)> {
    errors.iter().map(|error| (error.field(), error.code)).collect()
}

#[test]
fn missing_null_and_a_value_are_told_apart() {
    let probe = read(r#"{"name": "Ada", "note": null, "id": 7, "labels": ["a", "b"], "sure": false}"#);
    assert_eq!((probe.name.as_deref(), probe.note.clone()), (Some("Ada"), Change::Clear));
    assert_eq!((probe.labels, probe.sure), (Change::Set(vec!["a".into(), "b".into()]), Some(false)));
    assert!(probe.errors.is_empty());
    let nulls = read(r#"{"labels": null, "sure": null, "part": null, "parts": null}"#);
    assert_eq!((nulls.labels, nulls.sure), (Change::Clear, None));
    assert!(nulls.errors.is_empty() && nulls.part.is_none() && nulls.parts.is_none());
    let nothing = read("{}");
    assert_eq!((nothing.note, nothing.labels), (Change::Keep, Change::Keep));
}

#[test]
fn every_fault_is_noted() {
    let probe =
        read(r#"{"name": 5, "note": "a\u0000", "nmae": "Ada", "a/b": 1, "sure": "yes", "part": [], "parts": {}}"#);
    assert_eq!(
        faults(&probe.errors),
        [
            ("name", ViolationCode::WrongType),
            ("note", ViolationCode::NulCharacter),
            ("sure", ViolationCode::WrongType),
            ("part", ViolationCode::WrongType),
            ("parts", ViolationCode::WrongType),
            ("a~1b", ViolationCode::UnknownField),
            ("nmae", ViolationCode::UnknownField),
        ]
    );
}

#[test]
fn what_is_no_text_is_noted_where_it_stands_among_texts() {
    let probe = read(r#"{"labels": ["a", null, 5, "b\u0000", "c"]}"#);
    let texts = ["a", "", "", "", "c"].map(str::to_owned).to_vec();
    assert_eq!(probe.labels, Change::Set(texts));
    assert_eq!(
        faults(&probe.errors),
        [
            ("labels/1", ViolationCode::WrongType),
            ("labels/2", ViolationCode::WrongType),
            ("labels/3", ViolationCode::NulCharacter),
        ]
    );
    assert_eq!(faults(&read(r#"{"labels": "a"}"#).errors), [("labels", ViolationCode::WrongType)]);
}

#[test]
fn faults_within_an_object_are_told_by_it() {
    let probe = read(r#"{"part": {"name": 5, "x": 1}, "parts": [{"name": "Ada"}, {"name": "\u0000"}, 7, {"y": 1}]}"#);
    assert!(probe.errors.is_empty());
    let part = probe.part.unwrap();
    assert_eq!(faults(&part.errors), [("name", ViolationCode::WrongType), ("x", ViolationCode::UnknownField)]);
    let parts = probe.parts.unwrap();
    assert_eq!((parts.len(), parts[0].name.as_deref()), (3, Some("Ada")));
    assert!(parts[0].errors.is_empty());
    assert_eq!(faults(&parts[1].errors), [("name", ViolationCode::NulCharacter)]);
    assert_eq!(faults(&parts[2].errors), [("", ViolationCode::WrongType)]);
}

#[test]
fn nul_is_a_fault_in_fields_that_nobody_reads_too() {
    let probe = read(r#"{"id": ["\u0000"], "x": {"y": "\u0000"}, "\u0000": 1}"#);
    let nul = ViolationCode::NulCharacter;
    assert_eq!(faults(&probe.errors), [("id", nul), ("\0", nul), ("x", nul)]);
}

#[test]
fn a_field_is_named_once_however_often_it_is_wrong() {
    let nuls = vec!["\"\\u0000\""; 1000].join(",");
    let probe = read(&format!("{{\"name\": [{nuls}]}}"));
    assert_eq!(faults(&probe.errors), [("name", ViolationCode::NulCharacter)]);
}

#[test]
fn a_body_that_is_no_object_is_said_to_be_none() {
    for body in ["[]", "\"x\"", "1", "null"] {
        assert_eq!(faults(&read(body).errors), [("", ViolationCode::WrongType)]);
    }
}

#[test]
fn all_objects_together_have_a_thousand_faults_and_each_that_is_wrong_has_one() {
    let part = |faults: usize| {
        let members: Vec<_> = (0..faults).map(|number| format!("\"x{number}\": 1")).collect();
        format!("{{{}}}", members.join(","))
    };
    let counts = |first: usize| {
        let parts = [part(first), part(600), part(0)].join(",");
        let probe = read(&format!("{{\"parts\": [{parts}], \"y\": 1}}"));
        let parts: Vec<_> = probe.parts.unwrap().iter().map(|part| part.errors.len()).collect();
        (parts, probe.errors.len())
    };
    assert_eq!(counts(300), (vec![300, 600, 0], 1));
    assert_eq!(counts(600), (vec![600, 400, 0], 1));
    assert_eq!(counts(1001), (vec![1000, 1, 0], 1));
}
