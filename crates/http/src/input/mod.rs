//! What a handler asks of a request.
//!
//! A handler takes one argument, [`Authenticated<I>`] or [`Anonymous<I>`], where `I` is one input or
//! a tuple of them. They are read in order, so that refusals come in the order that the contract
//! gives: 401, 413, 415, 400, 422. Each input also says in the OpenAPI
//! document what it reads and how it refuses.

mod authenticated;
mod body;
mod caller;
mod coding;
mod conditional;
mod format;
mod headers;
mod id;
mod keyed;
mod label;
mod query;
mod upload;

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use paperclip::{
    actix::OperationModifier,
    v2::{
        models::{DefaultOperationRaw, DefaultSchemaRaw},
        schema::Apiv2Schema,
    },
};
use std::collections::BTreeMap;

use self::format::{Form, Format, Json, MergePatch, OAuth};
pub(crate) use self::{
    authenticated::{Asker, Authenticated, recognise},
    body::{FormBody, JsonBody, MergePatchBody, OAuthBody},
    caller::{CallerInfo, client_address},
    conditional::Conditional,
    format::{BatchJson, OptionalJson},
    headers::{Count, PreferredLanguage, preferred_language},
    id::{ContactPath, SessionPath},
    keyed::Keyed,
    label::LabelPath,
    query::{FromQuery, NoQuery, Query, QueryFields},
    upload::Upload,
};
use crate::{openapi, problem::Problem};

/// Something that is read from a request.
pub(crate) trait Input: Sized {
    async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem>;

    /// Adds parameters, body and refusals to an operation.
    fn describe(operation: &mut DefaultOperationRaw);

    /// Adds the schemas that the description refers to.
    fn define(_schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {}
}

macro_rules! input_tuple {
    ($($input:ident),+) => {
        impl<$($input: Input),+> Input for ($($input,)+) {
            async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
                Ok(($($input::read(request, payload).await?,)+))
            }

            fn describe(operation: &mut DefaultOperationRaw) {
                $($input::describe(operation);)+
            }

            fn define(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
                $($input::define(schemas);)+
            }
        }
    };
}
input_tuple!(A, B);
input_tuple!(A, B, C);

/// A request from anybody.
pub(crate) struct Anonymous<I>(pub(crate) I);

pub(crate) type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<I: Input + 'static> FromRequest for Anonymous<I> {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { I::read(&request, &mut payload).await.map(Self) })
    }
}

impl<I> Apiv2Schema for Anonymous<I> {}

impl<I: Input> OperationModifier for Anonymous<I> {
    fn update_parameter(operation: &mut DefaultOperationRaw) {
        I::describe(operation);
        openapi::refuse_always(operation);
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        I::define(schemas);
    }
}
