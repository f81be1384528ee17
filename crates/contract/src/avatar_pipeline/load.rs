//! Many pictures at once.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use contacts_domain::ports::PipelineError;
use futures_util::future::join_all;
use image::ImageFormat;

use super::{
    Pipeline, colours,
    pictures::{UPRIGHT, decoded, made, opaque, quarters},
};

pub async fn of_100_pictures_at_once_each_is_made_or_told_to_come_back(pipeline: Pipeline) {
    let upload = opaque(&quarters(600, 400), ImageFormat::Jpeg);
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (pipeline, upload) = (pipeline.clone(), upload.clone());
            tokio::spawn(async move { pipeline.process(upload).await })
        })
        .collect();
    let mut made = 0;
    for result in join_all(tasks).await {
        match result.expect("a pipeline does not panic") {
            Ok(image) => {
                assert_eq!(colours::quarters(&decoded(&image)), UPRIGHT);
                made += 1;
            }
            Err(PipelineError::Busy) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(made > 0, "some are made");
}

pub async fn a_picture_that_nobody_waits_for_blocks_nobody(pipeline: Pipeline) {
    let upload = opaque(&quarters(600, 400), ImageFormat::Png);
    // In several rounds: more than may wait at once.
    for _ in 0..8 {
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let (pipeline, upload) = (pipeline.clone(), upload.clone());
                tokio::spawn(async move { pipeline.process(upload).await })
            })
            .collect();
        tokio::task::yield_now().await;
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        join_all(tasks).await;
    }
    assert_eq!(colours::quarters(&made(&pipeline, upload).await.1), UPRIGHT);
}
