//! Each token means the same on both engines.

use muster_db::{Error, Tx, V, Work, values};

muster_db::sql! {
    EACH = "SELECT name FROM things WHERE org_id = $1 AND name IN {each $2} ORDER BY name";
    NOT_EACH = "SELECT name FROM things WHERE name NOT IN {each $1} AND org_id = $2 ORDER BY name";
    JSON = "SELECT {json doc} ->> 'city', {json doc} -> 'tags' ->> 0 FROM things WHERE org_id = $1 AND {json doc} ->> 'city' = $2";
    LOCKED = "SELECT name FROM things WHERE org_id = $1 ORDER BY name LIMIT 1 {for_update}";
    CLAIM = "UPDATE things SET n = 1 WHERE org_id = $1 AND id IN
        (SELECT id FROM things WHERE org_id = $1 AND n IS NULL ORDER BY name LIMIT $2 {skip_locked}) RETURNING name";
    SWAPPED = "SELECT name FROM things WHERE name = $2 AND org_id = $1 AND name <> '$3'";
}

struct Claim(muster_base::Id, i64);

impl Work for Claim {
    type Out = Vec<String>;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<String>, Error> {
        let _: Option<String> = tx.first(&LOCKED, &values![self.0]).await?;
        let mut names: Vec<String> = tx.all(&CLAIM, &values![self.0, self.1]).await?;
        names.sort();
        Ok(names)
    }
}

both! {
    async fn each_is_a_list_of_texts(t: Test) {
        for name in ["a", "b\"\\", "c, d", "ü"] {
            t.add(name).await.unwrap();
        }
        let list = V::list(["b\"\\", "c, d", "ü", "nobody"]);
        let names: Vec<String> = t.db.all(&EACH, &[V::from(t.org), list.clone()]).await.unwrap();
        assert_eq!(names, ["b\"\\", "c, d", "ü"]);
        assert_eq!(t.db.all::<String>(&NOT_EACH, &[list, V::from(t.org)]).await.unwrap(), ["a"]);
        let none = V::list(Vec::<String>::new());
        assert_eq!(t.db.all::<String>(&EACH, &[V::from(t.org), none]).await.unwrap(), Vec::<String>::new());
    }

    async fn json_reads_a_field(t: Test) {
        let doc = r#"{"city":"Łódź","tags":["x","y"]}"#;
        let params = values![t.org, t.env.id(), "one", None::<i64>, None::<&[u8]>, doc];
        t.db.exec(&crate::engines::THING_FULL, &params).await.unwrap();
        let found: Vec<(String, String)> = t.db.all(&JSON, &values![t.org, "Łódź"]).await.unwrap();
        assert_eq!(found, [("Łódź".to_owned(), "x".to_owned())]);
    }

    async fn claims_are_distinct(t: Test) {
        for i in 0..20 {
            t.add(&format!("{i:02}")).await.unwrap();
        }
        let (a, b) = tokio::join!(t.db.write(Claim(t.org, 8)), t.db.write(Claim(t.org, 8)));
        let mut all = [a.unwrap(), b.unwrap()].concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 16);
    }

    async fn parameters_go_by_number(t: Test) {
        t.add("one").await.unwrap();
        assert_eq!(t.db.first::<String>(&SWAPPED, &values![t.org, "one"]).await, Ok(Some("one".to_owned())));
    }
}
