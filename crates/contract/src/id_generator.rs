//! What a generator of ids promises.

#![allow(missing_docs, reason = "a case is named for what it requires")]

use std::{collections::HashSet, sync::Arc};

use contacts_domain::ports::IdGenerator;
use uuid::{Uuid, Variant};

/// Runs every case against a generator that the argument makes: an async function without arguments
/// that returns `Subject<Arc<dyn IdGenerator>>`.
#[macro_export]
macro_rules! id_generator_suite {
    ($fresh:expr) => {
        $crate::__cases!(
            $fresh,
            id_generator,
            [ids_are_of_version_7, ids_sort_as_they_were_made, ids_of_many_threads_are_distinct_and_sorted_in_each,]
        );
    };
}

const MANY: usize = 20_000;

pub async fn ids_are_of_version_7(ids: Arc<dyn IdGenerator>) {
    for _ in 0..100 {
        let id = ids.next();
        assert_eq!((id.get_version_num(), id.get_variant()), (7, Variant::RFC4122), "{id}");
    }
}

pub async fn ids_sort_as_they_were_made(ids: Arc<dyn IdGenerator>) {
    let made: Vec<Uuid> = (0..MANY).map(|_| ids.next()).collect();
    assert!(made.is_sorted_by(|a, b| a < b));
}

pub async fn ids_of_many_threads_are_distinct_and_sorted_in_each(ids: Arc<dyn IdGenerator>) {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let ids = ids.clone();
            std::thread::spawn(move || (0..MANY).map(|_| ids.next()).collect::<Vec<Uuid>>())
        })
        .collect();
    let mut all = HashSet::new();
    for thread in threads {
        let made = thread.join().expect("a generator does not panic");
        assert!(made.is_sorted_by(|a, b| a < b));
        all.extend(made);
    }
    assert_eq!(all.len(), 4 * MANY);
}
