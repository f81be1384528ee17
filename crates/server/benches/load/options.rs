//! What to measure, and how long.

use std::{path::PathBuf, time::Duration};

use clap::{
    Arg, ArgAction, Command,
    builder::{PossibleValuesParser, TypedValueParser},
    value_parser,
};

use crate::place::Place;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Benchmark {
    Start,
    Writes,
    Login,
    Flood,
    Growth,
    Floor,
    Instructions,
    Cache,
}

pub(crate) struct Options {
    pub(crate) places: Vec<Place>,
    pub(crate) benchmarks: Vec<Benchmark>,
    /// Of bcrypt, as `BCRYPT_COST`.
    pub(crate) cost: u32,
    /// How many pairs of logins are compared.
    pub(crate) pairs: usize,
    /// How often two loads take turns.
    pub(crate) rounds: usize,
    /// How long one of them runs at a time.
    pub(crate) time: Duration,
    pub(crate) json: bool,
    /// Where the results go besides, as JSON.
    pub(crate) results: Option<PathBuf>,
    /// Where the rates beside the floor go, as SVG.
    pub(crate) picture: Option<PathBuf>,
}

impl Options {
    pub(crate) fn of_this_process() -> Self {
        let matches = command().get_matches();
        let number = |name: &str| *matches.get_one::<u32>(name).unwrap();
        Self {
            places: matches.get_many("on").unwrap().copied().collect(),
            benchmarks: matches.get_many("only").unwrap().copied().collect(),
            cost: number("cost"),
            pairs: number("pairs") as usize,
            rounds: number("rounds") as usize,
            time: Duration::from_secs(number("seconds").into()),
            json: matches.get_flag("json"),
            results: matches.get_one("results").cloned(),
            picture: matches.get_one("picture").cloned(),
        }
    }
}

const ALL: &str = "start,floor,instructions,writes,login,flood,growth,cache";

fn command() -> Command {
    let number = |name, default, help| {
        Arg::new(name).long(name).value_parser(value_parser!(u32).range(1..)).default_value(default).help(help)
    };
    let file = |name, help| Arg::new(name).long(name).value_parser(value_parser!(PathBuf)).help(help);
    let list = |name, all, help| Arg::new(name).long(name).value_delimiter(',').default_value(all).help(help);
    let places = PossibleValuesParser::new(["sqlite", "postgres"])
        .map(|name| if name == "sqlite" { Place::Sqlite } else { Place::PostgresAndRedis });
    let benchmarks = PossibleValuesParser::new(ALL.split(',').collect::<Vec<_>>()).map(|name| match name.as_str() {
        "start" => Benchmark::Start,
        "writes" => Benchmark::Writes,
        "login" => Benchmark::Login,
        "flood" => Benchmark::Flood,
        "growth" => Benchmark::Growth,
        "floor" => Benchmark::Floor,
        "instructions" => Benchmark::Instructions,
        _ => Benchmark::Cache,
    });
    Command::new("load")
        .about("Measures what the service promises about time")
        .arg(list("on", "sqlite,postgres", "Where the data is").value_parser(places))
        .arg(list("only", ALL, "What is measured").value_parser(benchmarks))
        .arg(number("cost", "12", "The cost of bcrypt, 4 to 15"))
        .arg(number("pairs", "300", "Pairs of logins, or of reads, to compare"))
        .arg(number("rounds", "5", "How often two loads take turns"))
        .arg(number("seconds", "3", "How long one of them runs at a time"))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Prints the results as JSON"))
        .arg(file("results", "Writes the results into this file besides, as JSON"))
        .arg(file("picture", "Writes the rates beside the floor into this file, as SVG"))
        // `cargo bench` says this to every benchmark.
        .arg(Arg::new("bench").long("bench").action(ArgAction::SetTrue).hide(true))
}
