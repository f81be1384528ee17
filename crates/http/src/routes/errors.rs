//! What the codes of problems mean: each problem's `type` leads here.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    dev::Payload,
    http::{
        Method,
        header::{self, Accept, Header},
    },
};
use contacts_domain::validation::ViolationCode;
use paperclip::{
    actix::{
        OperationModifier, api_v2_operation,
        web::{self, ServiceConfig},
    },
    v2::{
        models::{DataType, DefaultOperationRaw, DefaultSchemaRaw, Either, Parameter, ParameterIn},
        schema::Apiv2Schema,
    },
};
use serde_json::json;

use super::resource;
use crate::{
    dto::service::CodeExplanation,
    input::{Anonymous, Input, NoQuery},
    openapi::{self, Document},
    problem::{Code, Problem},
    responder::{Answer, Refused},
};

const CODE: &str = "The `code` of a problem, or of one of its `errors`.";

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(resource("/errors/{code}", [(Method::GET, web::get().to(explain))]));
}

/// What a code means
///
/// Of a problem, or of one of its `errors`. As a page for people who ask for one.
#[api_v2_operation(tags(Service), operation_id = "explainError")]
async fn explain(request: Anonymous<(CodePath, NoQuery)>) -> Result<Explanation, Refused> {
    let Anonymous((CodePath(explanation), NoQuery)) = request;
    Ok(Explanation(explanation))
}

pub(super) fn describe(document: &mut Document) {
    let page = json!({"content": {"text/html": {"schema": {"type": "string"}}}});
    document.describe_operation("explainError", json!({"responses": {"200": page}}));
    let problems = Code::ALL.iter().map(|code| code.as_str());
    let faults = ViolationCode::ALL.iter().map(|code| code.as_str());
    let codes: BTreeSet<&str> = problems.chain(faults).collect();
    document.parameter("explainError", "code", CODE, json!({"enum": codes}));
}

/// The code that the path names.
struct CodePath(CodeExplanation);

impl Input for CodePath {
    async fn read(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let text = request.match_info().get("code").unwrap_or_default();
        let problem = Code::ALL.iter().find(|code| code.as_str() == text).map(|code| CodeExplanation {
            code: code.as_str(),
            status: code.status().as_u16(),
            title: code.title(),
            detail: code.explanation(),
        });
        let fault = || {
            let code = ViolationCode::ALL.iter().find(|code| code.as_str() == text)?;
            Some(CodeExplanation {
                code: code.as_str(),
                status: Code::ValidationFailed.status().as_u16(),
                title: Code::ValidationFailed.title(),
                detail: code.explanation(),
            })
        };
        problem.or_else(fault).map(Self).ok_or_else(|| Problem::new(Code::NotFound))
    }

    fn describe(operation: &mut DefaultOperationRaw) {
        operation.parameters.push(Either::Right(Parameter {
            in_: ParameterIn::Path,
            name: "code".into(),
            required: true,
            data_type: Some(DataType::String),
            description: Some(CODE.into()),
            ..Parameter::default()
        }));
        openapi::refuse(operation, &[Code::NotFound]);
    }
}

/// An explanation, as JSON or as a page.
struct Explanation(CodeExplanation);

impl Responder for Explanation {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let for_people = Accept::parse(request).is_ok_and(|accept| accept.preference() == "text/html");
        if !for_people {
            return Answer::found(self.0).respond_to(request);
        }
        let CodeExplanation { code, status, title, detail } = self.0;
        let [title, detail] = [title, detail].map(|text| text.replace('&', "&amp;").replace('<', "&lt;"));
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
            ))
            .body(format!(
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
                 <style>body{{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}}\
                 </style><h1>{title}</h1><p><code>{code}</code>, status {status}</p><p>{detail}</p></html>\n"
            ))
    }
}

impl Apiv2Schema for Explanation {}

impl OperationModifier for Explanation {
    fn update_response(operation: &mut DefaultOperationRaw) {
        <Answer<CodeExplanation> as OperationModifier>::update_response(operation);
    }

    fn update_definitions(schemas: &mut BTreeMap<String, DefaultSchemaRaw>) {
        openapi::define::<CodeExplanation>(schemas);
    }
}
