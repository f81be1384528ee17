//! What the tests have in common.

mod answer;
mod balancer;
mod calendar;
mod client;
mod database;
mod installed;
mod mail;
mod output;
mod patience;
mod people;
mod postgres_proxy;
mod postgres_server;
mod process;
mod raw_http;
mod redis;
mod redis_server;
mod replicas;
mod session;
mod setup;
mod sql;
mod tables;
mod tcp_proxy;
mod upload;

pub(crate) use self::{
    answer::{Answer, faults},
    balancer::Balancer,
    calendar::{Midday, date},
    client::{Client, PASSWORD, Request},
    mail::{LOG_DELIVERIES, Letter},
    patience::eventually,
    people::{ada, last_names, merged, named, path_of, people, without},
    postgres_proxy::PostgresProxy,
    postgres_server::PostgresServer,
    process::Process,
    raw_http::RawHttp,
    redis::{redis_content, redis_url},
    redis_server::RedisServer,
    session::Session,
    setup::{App, Setup, run},
    sql::LONG_AGO,
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
