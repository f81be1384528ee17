use std::sync::Arc;

use contacts_cloudinary::{CloudinaryStore, CloudinaryUrl};
use contacts_contract::{
    avatar_store::{self, Shelf},
    servers::cloudinary::{API_SECRET, account_url, read},
};
use contacts_domain::avatar::AvatarLocation;

use crate::child::{in_child, proxy_url};

fn shelf() -> Shelf {
    let url = CloudinaryUrl::parse(&account_url(API_SECRET)).unwrap();
    let reader = |location: AvatarLocation| async move { read(&proxy_url(), location.as_str()).await.unwrap() };
    Shelf { store: Arc::new(CloudinaryStore::new(&url)), reader: Arc::new(move |location| Box::pin(reader(location))) }
}

/// One test for each case, in a child process.
macro_rules! in_children {
    ($fresh:expr, avatar_store, [$($case:ident),+ $(,)?]) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $case() {
            let test = concat!("contract::", stringify!($case));
            in_child(test, |_, _| (), async { avatar_store::$case($fresh()).await }).await;
        }
    )+};
}

contacts_contract::avatar_store_suite!(stamped by in_children, shelf);
