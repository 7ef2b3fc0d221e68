use crate::harness::members;

both! {
    async fn smoke(t) {
        let ana = t.user(t.acme, "ana").await;
        let groups = muster_directory::group::store::all(&mut t.d.read(), t.acme.id).await.unwrap();
        assert_eq!(groups.len(), 1);
        assert!(members(t, t.acme, groups[0].id).await.contains(&ana.id));
    }
}
