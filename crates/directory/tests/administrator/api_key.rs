use muster_directory::administrator::api_key::{create, delete};
use muster_directory::administrator::store::{by_api_key, get};

use crate::harness::is_missing;

both! {
    async fn one_each_and_the_newest_works(t) {
        let admin = t.acme.admin;
        let (first, prefix, at) = create(&t.d, admin).await.unwrap();
        assert!(first.expose().starts_with("jca_") && first.expose().starts_with(&prefix));
        let found = by_api_key(&mut t.d.read(), &first).await.unwrap().unwrap();
        assert_eq!((found.id, found.api_key), (admin, Some((prefix, at))));
        let (second, ..) = create(&t.d, admin).await.unwrap();
        assert!(by_api_key(&mut t.d.read(), &first).await.unwrap().is_none());
        assert!(by_api_key(&mut t.d.read(), &second).await.unwrap().is_some());
        delete(&t.d, admin).await.unwrap();
        assert!(by_api_key(&mut t.d.read(), &second).await.unwrap().is_none());
        assert!(is_missing(delete(&t.d, admin).await));
        assert_eq!(get(&mut t.d.read(), admin).await.unwrap().api_key, None);
    }
}
