//! How a case becomes a test of an adapter.

/// Stamps one test for each case of a module. Several workers run it, for what is true on one thread
/// may be false on two.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases {
    ($fresh:expr, $suite:ident, [$($case:ident),+ $(,)?]) => {
        $($crate::__cases!(@test $fresh, $case, $crate::$suite::$case);)+
    };
    ($fresh:expr, $suite:ident::$module:ident, [$($case:ident),+ $(,)?]) => {
        $($crate::__cases!(@test $fresh, $case, $crate::$suite::$module::$case);)+
    };
    (@test $fresh:expr, $name:ident, $case:path) => {
        #[::tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $name() {
            let fresh = $fresh;
            let subject: $crate::Subject<_> = fresh().await;
            $case(::core::clone::Clone::clone(&subject.port)).await;
        }
    };
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    /// The names after `pub async fn ` in the modules of a suite.
    fn written(sources: &[&Path]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for source in sources {
            let text = std::fs::read_to_string(source).unwrap();
            for line in text.lines() {
                if let Some(rest) = line.strip_prefix("pub async fn ") {
                    names.insert(rest.split(['(', '<']).next().unwrap().to_owned());
                }
            }
        }
        names
    }

    /// The words of the macros that list the cases.
    fn listed(sources: &[&Path]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for source in sources {
            let text = std::fs::read_to_string(source).unwrap();
            for list in text.split("macro_rules!").skip(1) {
                let list = list.split("\n}\n").next().unwrap();
                names.extend(list.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
            }
        }
        names
    }

    #[test]
    fn every_case_is_in_its_suite() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let suites =
            ["avatar_store", "clock", "id_generator", "link_tokens", "password_hasher", "rate_limiter", "user_cache"]
                .map(|name| {
                    let file = folder.join(name).with_extension("rs");
                    (name, vec![file])
                });
        let folders = ["avatar_pipeline", "mailer", "store", "token_codec"].map(|name| {
            let files = std::fs::read_dir(folder.join(name)).unwrap();
            let files = files.map(|entry| entry.unwrap().path());
            // Steps, references and pictures are what cases are made of.
            let helpers = ["steps.rs", "reference.rs", "pictures.rs"];
            let cases = files.filter(|file| !helpers.iter().any(|helper| file.ends_with(helper)));
            (name, cases.collect())
        });
        for (suite, sources) in suites.into_iter().chain(folders) {
            let sources: Vec<&Path> = sources.iter().map(AsRef::as_ref).collect();
            let (written, listed) = (written(&sources), listed(&sources));
            let forgotten: Vec<_> = written.difference(&listed).collect();
            assert!(forgotten.is_empty(), "not in the suite of {suite}: {forgotten:?}");
            assert!(!written.is_empty(), "{suite} has no cases");
        }
    }
}
