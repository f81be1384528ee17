//! The record of pictures that were uploaded.

use async_trait::async_trait;
use contacts_domain::{
    Timestamp,
    avatar::{AbandonedAvatar, AvatarFormat, AvatarUpload},
    ids::{AvatarId, UserId},
    ports::{AvatarRepository, RepositoryError, RepositoryResult},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{connection::with_conn, id::Id, schema::avatars, unit_of_work::DieselUnitOfWork};

/// It may be stored, or on its way there.
const BEGUN: &str = "begun";
/// Its user shows it. Nobody shows two.
const SHOWN: &str = "shown";
/// To be removed from where it is stored.
const ABANDONED: &str = "abandoned";

#[async_trait]
impl AvatarRepository for DieselUnitOfWork {
    async fn begin(&mut self, upload: &AvatarUpload) -> RepositoryResult<()> {
        let AvatarUpload { id, user, format, started_at } = upload;
        let row = (
            avatars::id.eq(Id(id.uuid())),
            avatars::user_id.eq(Id(user.uuid())),
            avatars::format.eq(format.extension()),
            avatars::state.eq(BEGUN),
            avatars::started_at.eq(started_at.naive_utc()),
        );
        with_conn!(&mut self.connection, |c| diesel::insert_into(avatars::table).values(row).execute(c))?;
        Ok(())
    }

    async fn show(&mut self, user: UserId, id: AvatarId) -> RepositoryResult<bool> {
        // Two transactions at once would not see each other's picture, and both would be shown.
        self.lock_rows_of(user).await?;
        let of_user = || avatars::table.filter(avatars::user_id.eq(Id(user.uuid())));
        // A picture that is shown already stays so: to say it twice does no harm.
        let known = of_user().filter(avatars::id.eq(Id(id.uuid()))).filter(avatars::state.ne(ABANDONED));
        let show = diesel::update(known).set(avatars::state.eq(SHOWN));
        if with_conn!(&mut self.connection, |c| show.execute(c))? == 0 {
            return Ok(false);
        }
        let former = of_user().filter(avatars::id.ne(Id(id.uuid()))).filter(avatars::state.eq(SHOWN));
        let abandon = diesel::update(former).set(avatars::state.eq(ABANDONED));
        with_conn!(&mut self.connection, |c| abandon.execute(c))?;
        Ok(true)
    }

    async fn hide(&mut self, user: UserId) -> RepositoryResult<bool> {
        let shown = avatars::table.filter(avatars::user_id.eq(Id(user.uuid()))).filter(avatars::state.eq(SHOWN));
        let hide = diesel::update(shown).set(avatars::state.eq(ABANDONED));
        let rows = with_conn!(&mut self.connection, |c| hide.execute(c))?;
        Ok(rows > 0)
    }

    async fn abandoned(&mut self, begun_before: Timestamp, limit: u32) -> RepositoryResult<Vec<AbandonedAvatar>> {
        let stale =
            avatars::table.filter(avatars::state.eq(BEGUN)).filter(avatars::started_at.lt(begun_before.naive_utc()));
        let abandon = diesel::update(stale).set(avatars::state.eq(ABANDONED));
        with_conn!(&mut self.connection, |c| abandon.execute(c))?;
        let query = avatars::table
            .filter(avatars::state.eq(ABANDONED))
            .order_by((avatars::started_at, avatars::id))
            .limit(limit.into())
            .select((avatars::id, avatars::format));
        let rows: Vec<(Id, String)> = with_conn!(&mut self.connection, |c| query.load(c))?;
        rows.into_iter().map(abandoned_avatar).collect()
    }

    async fn forget(&mut self, id: AvatarId) -> RepositoryResult<()> {
        let abandoned = avatars::table.find(Id(id.uuid())).filter(avatars::state.eq(ABANDONED));
        with_conn!(&mut self.connection, |c| diesel::delete(abandoned).execute(c))?;
        Ok(())
    }
}

fn abandoned_avatar((id, format): (Id, String)) -> RepositoryResult<AbandonedAvatar> {
    let format = AvatarFormat::ALL.into_iter().find(|known| known.extension() == format);
    let format = format.ok_or_else(|| RepositoryError::Inconsistent(format!("avatar {}: unknown format", id.0)))?;
    Ok(AbandonedAvatar { id: AvatarId::new(id.0), format })
}
