use std::{fmt, num::NonZeroUsize, sync::Arc, time::Duration};

use async_trait::async_trait;
use contacts_domain::{
    avatar::AvatarImage,
    ports::{AvatarPipeline, PipelineError},
};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::picture;

/// Each picture may take some 200 MiB while it is worked on: more cores do not mean more memory.
const MAX_RUNNING: usize = 4;
/// How many pictures may wait for their turn, and for how long.
const MAX_WAITING: usize = 64;
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Works on as many pictures at once as there are cores, and at most on four. Others wait, up to 64 of them
/// and 10 seconds; then they are told that it is busy.
///
/// ```
/// use std::io::Cursor;
///
/// use contacts_domain::{
///     avatar::{AVATAR_SIZE, AvatarFormat},
///     ports::{AvatarPipeline, PipelineError},
/// };
/// use contacts_imaging::ImagePipeline;
/// use image::{ImageFormat, RgbImage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut upload = Cursor::new(Vec::new());
/// RgbImage::new(40, 30).write_to(&mut upload, ImageFormat::Png)?;
///
/// let pipeline = ImagePipeline::new();
/// let picture = pipeline.process(upload.into_inner()).await?;
/// assert_eq!(picture.format, AvatarFormat::Jpeg, "nothing of it is transparent");
/// let shown = image::load_from_memory(&picture.bytes)?;
/// assert_eq!((shown.width(), shown.height()), (AVATAR_SIZE, AVATAR_SIZE));
///
/// let refused = pipeline.process(b"<svg/>".to_vec()).await;
/// assert!(matches!(refused, Err(PipelineError::Unsupported)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ImagePipeline {
    running: Arc<Semaphore>,
    /// A place for each picture that runs or waits.
    places: Arc<Semaphore>,
}

impl ImagePipeline {
    /// One is enough for a process: the bounds are those of the pipeline and its clones together.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let running = cores.min(MAX_RUNNING);
        Self { running: Arc::new(Semaphore::new(running)), places: Arc::new(Semaphore::new(running + MAX_WAITING)) }
    }

    /// Does the work on a thread for it, once it is its turn.
    async fn run(
        &self,
        work: impl FnOnce() -> Result<AvatarImage, PipelineError> + Send + 'static,
    ) -> Result<AvatarImage, PipelineError> {
        let _place: SemaphorePermit<'_> = self.places.try_acquire().map_err(|_| PipelineError::Busy)?;
        let turn = tokio::time::timeout(MAX_WAIT, self.running.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| PipelineError::Busy)?.map_err(|error| PipelineError::Backend(error.into()))?;
        let task = tokio::task::spawn_blocking(move || {
            // Given back when the work is done, even where nobody waits for it any more.
            let _turn = turn;
            work()
        });
        task.await.unwrap_or_else(|error| {
            // A decoder that panics has met a picture that it cannot read; the panic has been reported.
            Err(if error.is_panic() { PipelineError::Unsupported } else { PipelineError::Backend(error.into()) })
        })
    }
}

impl Default for ImagePipeline {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl AvatarPipeline for ImagePipeline {
    async fn process(&self, upload: Vec<u8>) -> Result<AvatarImage, PipelineError> {
        self.run(move || picture::make(&upload)).await
    }
}

impl fmt::Debug for ImagePipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImagePipeline").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use contacts_domain::avatar::AvatarFormat;

    use super::*;

    fn done() -> Result<AvatarImage, PipelineError> {
        Ok(AvatarImage { format: AvatarFormat::Jpeg, bytes: vec![] })
    }

    async fn take_all(semaphore: &Semaphore) -> SemaphorePermit<'_> {
        semaphore.acquire_many(u32::try_from(semaphore.available_permits()).unwrap()).await.unwrap()
    }

    #[test]
    fn never_more_than_four_run_and_64_wait() {
        let pipeline = ImagePipeline::new();
        let running = pipeline.running.available_permits();
        assert!((1..=4).contains(&running));
        assert_eq!(pipeline.places.available_permits(), running + 64);
    }

    #[tokio::test]
    async fn more_than_may_wait_are_told_that_it_is_busy() {
        let pipeline = ImagePipeline::new();
        let all = take_all(&pipeline.places).await;
        assert!(matches!(pipeline.run(done).await, Err(PipelineError::Busy)));
        drop(all);
        assert!(pipeline.run(done).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_too_long_is_told_that_it_is_busy() {
        let pipeline = ImagePipeline::new();
        let _all = take_all(&pipeline.running).await;
        assert!(matches!(pipeline.run(done).await, Err(PipelineError::Busy)));
    }

    #[tokio::test]
    async fn a_decoder_that_panics_has_read_a_broken_picture() {
        let pipeline = ImagePipeline::new();
        let running = pipeline.running.available_permits();
        for _ in 0..=running {
            let broken = pipeline.run(|| panic!("index out of bounds")).await;
            assert!(matches!(broken, Err(PipelineError::Unsupported)));
        }
        assert!(pipeline.run(done).await.is_ok(), "a panic gives its turn back");
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_keeps_its_turn_until_it_is_done() {
        let pipeline = ImagePipeline::new();
        let turns = pipeline.running.available_permits();
        let (started, has_started) = std::sync::mpsc::channel();
        let (release, is_released) = std::sync::mpsc::channel::<()>();
        let waits = tokio::spawn({
            let pipeline = pipeline.clone();
            async move {
                let work = move || {
                    started.send(()).unwrap();
                    is_released.recv().unwrap();
                    done()
                };
                pipeline.run(work).await
            }
        });
        let has_started = tokio::task::spawn_blocking(move || has_started.recv());
        has_started.await.unwrap().unwrap();
        waits.abort();
        assert!(waits.await.unwrap_err().is_cancelled());
        assert_eq!(pipeline.running.available_permits(), turns - 1);
        release.send(()).unwrap();
        // It comes back once the work is done, and not before.
        let _all = pipeline.running.acquire_many(u32::try_from(turns).unwrap()).await.unwrap();
    }
}
