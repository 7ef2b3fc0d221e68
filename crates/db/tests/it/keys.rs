//! Broken keys have the same names on both engines.

use muster_db::{Error, values};

use crate::engines::{PART_ADD, THING_DELETE, THING_FULL};

fn unique(on: &str) -> Result<u64, Error> {
    Err(Error::Unique { on: on.to_owned() })
}

both! {
    async fn unique_keys_name_table_and_columns(t: Test) {
        let id = t.add("one").await.unwrap();
        let add = async |id, name: &str, n: Option<i64>, doc: Option<&str>| {
            t.db.exec(&THING_FULL, &values![t.org, id, name, n, None::<&[u8]>, doc]).await
        };
        assert_eq!(add(id, "two", None, None).await, unique("things__org_id__id"));
        let same_name = add(t.env.id(), "one", None, None).await;
        assert_eq!(same_name, unique("things__org_id__name"));
        assert!(same_name.unwrap_err().is_unique_on("name"));
        assert_eq!(add(t.env.id(), "big (a, b)=(1, 2)", Some(2_000_000), Some("Doc")).await, Ok(1));
        assert_eq!(add(t.env.id(), "big2", Some(2_000_000), None).await, unique("things__org_id__n"));
        assert_eq!(add(t.env.id(), "three", None, Some("dOC")).await, unique("things_by_lower_doc"));
        assert_eq!(add(t.env.id(), "small", Some(5), None).await, Ok(1));
        assert_eq!(add(t.env.id(), "small2", Some(5), None).await, Ok(1));
    }

    async fn references_are_held_both_ways(t: Test) {
        let id = t.add("one").await.unwrap();
        assert_eq!(t.db.exec(&PART_ADD, &values![t.org, t.env.id(), t.env.id()]).await, Err(Error::Foreign));
        assert_eq!(t.db.exec(&PART_ADD, &values![t.org, t.env.id(), id]).await, Ok(1));
        assert_eq!(t.db.exec(&THING_DELETE, &values![t.org, id]).await, Err(Error::Foreign));
    }
}
