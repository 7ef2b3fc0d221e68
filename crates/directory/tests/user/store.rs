use muster_directory::user::store;
use serde_json::json;

both! {
    async fn custom_attributes_are_found_without_regard_to_case(t) {
        let ana = t.user_with(t.acme, "ana", json!({"attributes": [{"name": "level", "value": "Ünique"}]})).await;
        let bo = t.user_with(t.acme, "bo", json!({"attributes": [{"name": "level", "value": "üNIQUE"}]})).await;
        t.user_with(t.blue, "ana", json!({"attributes": [{"name": "level", "value": "Ünique"}]})).await;
        let mut s = t.d.read();
        let found = store::by_attribute(&mut s, t.acme.id, "level", "ÜNIQUE", 10).await.unwrap();
        let mut both = [ana.id, bo.id];
        both.sort();
        assert_eq!(found, both);
        assert_eq!(store::by_attribute(&mut s, t.acme.id, "level", "ÜNIQUE", 1).await.unwrap().len(), 1);
        assert!(store::by_attribute(&mut s, t.acme.id, "Level", "Ünique", 10).await.unwrap().is_empty());
        t.patch(t.acme, bo.id, json!({"attributes": [{"name": "other", "value": "1"}]})).await;
        assert_eq!(store::by_attribute(&mut s, t.acme.id, "level", "ünique", 10).await.unwrap(), [ana.id]);
        assert_eq!(store::attribute_names(&mut s, t.acme.id).await.unwrap(), ["level", "other"]);
        assert_eq!(store::attribute_names(&mut s, t.blue.id).await.unwrap(), ["level"]);
    }

    /// PostgreSQL indexes at most 2,704 bytes of a row.
    async fn the_longest_values_are_stored_and_found(t) {
        let letters = |n: u32| char::from_u32(0x4E00 + n * 37 % 20_000).unwrap();
        let value: String = (0..1024).map(letters).collect();
        let name: String = (0..255).map(letters).collect();
        let ana = t.user_with(t.acme, "ana", json!({"attributes": [{"name": name, "value": value}]})).await;
        let near = format!("{}x", value.chars().take(1023).collect::<String>());
        t.user_with(t.acme, "bo", json!({"attributes": [{"name": name, "value": near}]})).await;
        let found = store::by_attribute(&mut t.d.read(), t.acme.id, &name, &value, 10).await.unwrap();
        assert_eq!(found, [ana.id]);
    }

    async fn several_people_are_read_by_id(t) {
        let (ana, bo) = (t.user(t.acme, "ana").await, t.user(t.acme, "bo").await);
        let foreign = t.user(t.blue, "cy").await;
        let found = store::by_ids(&mut t.d.read(), t.acme.id, &[bo.id, foreign.id, ana.id, t.d.env().id()]).await.unwrap();
        let mut should = vec![ana.id, bo.id];
        should.sort_unstable();
        assert_eq!(found.into_iter().map(|u| u.id).collect::<Vec<_>>(), should);
        assert!(store::by_ids(&mut t.d.read(), t.acme.id, &[]).await.unwrap().is_empty());
    }
}
