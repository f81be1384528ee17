//! Avatars: the picture that a user shows.

mod hide;
mod read;
mod show;
mod sweep;

pub use hide::HideAvatar;
pub use read::ReadAvatar;
pub use show::ShowAvatar;
pub use sweep::SweepAvatars;

use crate::Dependencies;

/// What can be done with avatars.
pub struct Avatars {
    /// Takes an upload, and makes it the picture of its user.
    pub show: ShowAvatar,
    /// Takes the picture of a user away.
    pub hide: HideAvatar,
    /// Serves stored pictures, where no other service does.
    pub read: ReadAvatar,
    /// Removes what nobody shows any more.
    pub sweep: SweepAvatars,
}

impl Avatars {
    pub(crate) fn new(dependencies: &Dependencies) -> Self {
        let Dependencies { store, avatar_pipeline, avatar_store, media, user_cache, clock, ids, .. } = dependencies;
        let sweep = SweepAvatars::new(dependencies);
        Self {
            show: ShowAvatar {
                store: store.clone(),
                pipeline: avatar_pipeline.clone(),
                avatars: avatar_store.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                sweep: sweep.clone(),
            },
            hide: HideAvatar {
                store: store.clone(),
                user_cache: user_cache.clone(),
                clock: clock.clone(),
                sweep: sweep.clone(),
            },
            read: ReadAvatar { media: media.clone() },
            sweep,
        }
    }
}
