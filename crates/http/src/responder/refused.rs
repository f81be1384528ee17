use std::{collections::BTreeMap, marker::PhantomData};

use paperclip::v2::{
    models::{DefaultOperationRaw, DefaultSchemaRaw},
    schema::Apiv2Errors,
};

use crate::{
    openapi,
    problem::{Code, Problem},
};

/// Why one operation refuses, beyond what its inputs refuse already.
pub(crate) trait Refusals {
    const CODES: &'static [Code];
}

/// Nothing beyond.
impl Refusals for () {
    const CODES: &'static [Code] = &[];
}

/// A problem of an operation that documents its refusals with `R`.
pub(crate) struct Refused<R = ()>(Problem, PhantomData<R>);

impl<R, E: Into<Problem>> From<E> for Refused<R> {
    fn from(error: E) -> Self {
        Self(error.into(), PhantomData)
    }
}

impl<R> From<Refused<R>> for actix_web::Error {
    fn from(refused: Refused<R>) -> Self {
        refused.0.into()
    }
}

impl<R: Refusals> Apiv2Errors for Refused<R> {
    fn update_error_definitions(operation: &mut DefaultOperationRaw) {
        openapi::refuse(operation, R::CODES);
    }

    fn update_definitions(_: &mut BTreeMap<String, DefaultSchemaRaw>) {}
}
