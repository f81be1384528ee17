//! Contacts to test with.

use serde_json::{Value, json};

/// The 80 people of the demo, in their order.
pub(crate) fn people() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../fixtures/people.json")).unwrap()
}

/// A contact that has all that may be required.
pub(crate) fn ada() -> Value {
    named("Ada", "Lovelace")
}

/// The same, by another name.
pub(crate) fn named(first_name: &str, last_name: &str) -> Value {
    json!({
        "first_name": first_name,
        "last_name": last_name,
        "email": "somebody@example.com",
        "phone": "+44 20 7946 0000",
        "birthday": "1815-12-10",
    })
}

/// The path of a contact.
pub(crate) fn path_of(contact: &Value) -> String {
    format!("/contacts/{}", contact["id"].as_str().unwrap())
}

/// An object with the members of another in place of its own.
pub(crate) fn merged(mut object: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("{changes} is no object") };
    object.as_object_mut().unwrap().extend(changes);
    object
}

/// An object without one of its members.
pub(crate) fn without(mut object: Value, member: &str) -> Value {
    object.as_object_mut().unwrap().remove(member).expect("the member is there");
    object
}

/// The last names of a page's items, or of a list of contacts.
pub(crate) fn last_names(list: &Value) -> Vec<&str> {
    let items = list.as_array().or_else(|| list["items"].as_array()).expect("a list or a page");
    items.iter().map(|item| item.get("contact").unwrap_or(item)["last_name"].as_str().unwrap()).collect()
}
