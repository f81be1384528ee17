use std::{collections::BTreeMap, io, marker::PhantomData};

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::{BodyStream, BoxBody},
    http::header,
    web::Bytes,
};
use futures_util::{Stream, TryStreamExt};
use paperclip::{
    actix::OperationModifier,
    v2::{
        models::{DefaultOperationRaw, DefaultSchemaRaw, Either},
        schema::Apiv2Schema,
    },
};

use super::{Answer, Found, headers};
use crate::{media_types::JSON, problem::Problem};

/// 200: JSON as `T` describes it, to be kept as a file. It is sent while it is written; where that fails, the
/// connection breaks off, so that nobody takes the part for the whole.
pub(crate) struct Download<T> {
    file_name: &'static str,
    text: BoxBody,
    described: PhantomData<T>,
}

impl<T> Download<T> {
    pub(crate) fn new(file_name: &'static str, text: impl Stream<Item = Result<Bytes, Problem>> + 'static) -> Self {
        let text = Box::pin(text.map_err(|problem| io::Error::other(problem.to_string())));
        Self { file_name, text: BoxBody::new(BodyStream::new(text)), described: PhantomData }
    }
}

impl<T> Responder for Download<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let disposition = format!("attachment; filename=\"{}\"", self.file_name);
        HttpResponse::Ok().content_type(JSON).insert_header((header::CONTENT_DISPOSITION, disposition)).body(self.text)
    }
}

impl<T> Apiv2Schema for Download<T> {}

impl<T: Apiv2Schema> OperationModifier for Download<T> {
    fn update_response(operation: &mut DefaultOperationRaw) {
        Answer::<T, Found>::update_response(operation);
        let described = headers(&[("Content-Disposition", "`attachment`, and the name of a file.")]);
        if let Some(Either::Right(response)) = operation.responses.get_mut("200") {
            response.headers.extend(described);
        }
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        Answer::<T, Found>::update_definitions(schemas);
    }
}
