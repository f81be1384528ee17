//! What runtimes have of their own.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use contacts_domain::ports::{RepositoryError, RepositoryResult};
use tokio::runtime::{Handle, Id};

/// Connections belong to the runtime on which they were opened, and what a thread asks of one of its own comes back to
/// it: nobody needs to be woken (ADR 19). Where there are many cores, some share.
pub(super) struct PerRuntime<T> {
    /// The runtime that does what is done beside requests. It shares with nobody.
    main: Id,
    /// How many cores have one each.
    most: usize,
    made: RwLock<Made<T>>,
}

struct Made<T> {
    by_runtime: HashMap<Id, T>,
    /// Those of the cores that had not to share.
    of_cores: Vec<T>,
}

/// Who is given something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Main,
    Core,
}

impl<T: Clone> PerRuntime<T> {
    pub(super) fn new(main: Id, most: usize) -> Self {
        Self { main, most, made: RwLock::new(Made { by_runtime: HashMap::new(), of_cores: Vec::new() }) }
    }

    /// What this runtime has, or is given with this.
    pub(super) fn here(&self, make: impl FnOnce(Handle, Owner) -> T) -> RepositoryResult<T> {
        let runtime = Handle::try_current().map_err(|error| RepositoryError::Unavailable(error.into()))?;
        let id = runtime.id();
        let known = self.made.read().unwrap_or_else(PoisonError::into_inner).by_runtime.get(&id).cloned();
        Ok(known.unwrap_or_else(|| self.give(runtime, make)))
    }

    fn give(&self, runtime: Handle, make: impl FnOnce(Handle, Owner) -> T) -> T {
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        let Made { by_runtime, of_cores } = &mut *made;
        let (id, cores) = (runtime.id(), by_runtime.len() - usize::from(by_runtime.contains_key(&self.main)));
        let given = if id == self.main {
            make(runtime, Owner::Main)
        } else if let Some(shared) = of_cores.get(cores % self.most).filter(|_| cores >= self.most) {
            shared.clone()
        } else {
            let own = make(runtime, Owner::Core);
            of_cores.push(own.clone());
            own
        };
        by_runtime.insert(id, given.clone());
        given
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::runtime::{Builder, Runtime};

    use super::*;

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn each_core_has_its_own_until_there_are_many_and_main_always() {
        let main = runtime();
        let each = PerRuntime::new(main.handle().id(), 2);
        let made = AtomicU32::new(0);
        let ask = |runtime: &Runtime| {
            runtime.block_on(async { each.here(|_, owner| (made.fetch_add(1, Ordering::Relaxed), owner)).unwrap() })
        };
        let cores: Vec<_> = (0..5).map(|_| runtime()).collect();
        let given: Vec<_> = cores.iter().map(&ask).map(|(number, _)| number).collect();
        assert_eq!(given, [0, 1, 0, 1, 0]);
        assert_eq!(ask(&main), (2, Owner::Main));
        assert_eq!(ask(&cores[3]), (1, Owner::Core), "it is the same the next time");
        assert_eq!(ask(&main).0, 2);
    }
}
