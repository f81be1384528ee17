//! The suite of the port that this crate implements.

use std::sync::Arc;

use contacts_contract::{Subject, avatar_pipeline::Pipeline};
use contacts_imaging::ImagePipeline;

async fn fresh() -> Subject<Pipeline> {
    Subject::from(Arc::new(ImagePipeline::new()) as Pipeline)
}

contacts_contract::avatar_pipeline_suite!(fresh);
