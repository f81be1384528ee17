//! What the tests have in common.

mod answer;
mod calendar;
mod client;
mod database;
mod output;
mod people;
mod postgres_proxy;
mod process;
mod raw_http;
mod setup;

pub(crate) use self::{
    answer::{Answer, faults},
    calendar::{Midday, date},
    client::{Client, PASSWORD, Request},
    database::redis_url,
    people::{ada, last_names, merged, named, people, without},
    postgres_proxy::PostgresProxy,
    raw_http::RawHttp,
    setup::{App, Setup, run},
};

/// Runs every function of the list on both databases, as the tests `sqlite::name` and
/// `postgres::name`. A function takes anything that is a [`Fixture`](setup::Fixture).
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    $crate::harness::run($crate::harness::Setup::sqlite(), super::$name).await;
                }
            )+
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $name() {
                    $crate::harness::run($crate::harness::Setup::postgres().await, super::$name).await;
                }
            )+
        }
    };
}

pub(crate) use on_both_databases;
