//! Values go in and come out the same on both engines, and what only one engine takes is refused.

use muster_base::{Digest, Id, Micros, digest};
use muster_db::{Error, FromRow, Row, V, values};

use crate::engines::{THING_ADD, THING_BY_ID, THING_FULL};

muster_db::sql! {
    SMALL = "SELECT 7, CAST(8 AS SMALLINT), 1 = 1, count(*), name = $2 FROM things WHERE org_id = $1 GROUP BY name";
    COUNT = "SELECT count(*) FROM things WHERE org_id = $1 AND id > $2 AND (CAST($3 AS BIGINT) IS NULL OR n >= $3)";
    PAGE = "SELECT name FROM things WHERE org_id = $1 ORDER BY name LIMIT $2 OFFSET $3";
    ORDERED = "SELECT name FROM things WHERE org_id = $1 ORDER BY name";
}

#[derive(Debug, PartialEq)]
struct Thing {
    name: String,
    n: Option<i64>,
    raw: Option<Vec<u8>>,
    doc: Option<String>,
    id: Id,
}

impl FromRow for Thing {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: row.text(0)?,
            n: row.opt_i64(1)?,
            raw: row.opt_bytes(2)?,
            doc: row.opt_text(3)?,
            id: row.id(4)?,
        })
    }
}

struct Wide;

impl FromRow for Wide {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        row.text(0)?;
        row.opt_text(5).map(|_| Self)
    }
}

both! {
    async fn come_back_as_they_went_in(t: Test) {
        let cases = [
            ("", None, None, None),
            ("Ünïcødé 漢字 🦀 'quoted' \\ $1 ?1", Some(0), Some(vec![]), Some(String::new())),
            ("least", Some(i64::MIN), Some(vec![0, 1, 255]), Some("{\"a\":1}".to_owned())),
            ("most", Some(i64::MAX), Some(vec![0; 100_000]), Some("x".repeat(100_000))),
        ];
        for (name, n, raw, doc) in cases {
            let id = t.env.id();
            let params = values![t.org, id, name, n, raw.clone(), doc.clone()];
            assert_eq!(t.db.exec(&THING_FULL, &params).await, Ok(1));
            let read: Option<Thing> = t.db.first(&THING_BY_ID, &values![t.org, id]).await.unwrap();
            assert_eq!(read, Some(Thing { name: name.to_owned(), n, raw, doc, id }));
        }
    }

    async fn our_own_types_too(t: Test) {
        let (id, at, sum) = (t.env.id(), Micros(1_700_000_000_123_456), digest(b"secret"));
        t.db.exec(&THING_FULL, &values![&t.org, &id, &"name".to_owned(), at, sum, true.then_some("x")]).await.unwrap();
        let row: Option<(String, Micros, Digest, Option<String>, Id)> =
            t.db.first(&THING_BY_ID, &values![t.org, id]).await.unwrap();
        assert_eq!(row, Some(("name".to_owned(), at, sum, Some("x".to_owned()), id)));
        assert_eq!(t.db.exec(&crate::engines::THING_SET_N, &values![t.org, "name", true]).await, Ok(1));
        let row: Option<(String, bool)> = t.db.first(&THING_BY_ID, &values![t.org, id]).await.unwrap();
        assert_eq!(row, Some(("name".to_owned(), true)));
    }

    async fn numbers_of_any_width_are_read(t: Test) {
        t.add("one").await.unwrap();
        let row: Option<(i64, i64, bool, i64, bool)> = t.db.first(&SMALL, &values![t.org, "one"]).await.unwrap();
        assert_eq!(row, Some((7, 8, true, 1, true)));
    }

    async fn null_fits_any_parameter(t: Test) {
        t.add("one").await.unwrap();
        assert_eq!(t.db.first::<i64>(&COUNT, &values![t.org, "", None::<i64>]).await, Ok(Some(1)));
        assert_eq!(t.db.first::<i64>(&COUNT, &values![t.org, "", 5_i64]).await, Ok(Some(0)));
        assert_eq!(t.db.first::<i64>(&COUNT, &[V::Null, V::Null, V::Null]).await, Ok(Some(0)));
    }

    async fn text_sorts_by_bytes_and_pages_are_cut(t: Test) {
        for name in ["b", "B", "ä", "a", "Z"] {
            t.add(name).await.unwrap();
        }
        assert_eq!(t.db.all::<String>(&ORDERED, &values![t.org]).await.unwrap(), ["B", "Z", "a", "b", "ä"]);
        assert_eq!(t.db.all::<String>(&PAGE, &values![t.org, 2_i64, 1_i64]).await.unwrap(), ["Z", "a"]);
    }

    async fn wrong_use_is_named(t: Test) {
        let id = t.add("one").await.unwrap();
        let why = |result: Result<Option<(i64,)>, Error>| match result {
            Err(Error::Internal(why)) => why,
            other => panic!("{other:?}"),
        };
        let get = &values![t.org, id];
        assert_eq!(why(t.db.first(&THING_BY_ID, get).await), "THING_BY_ID: column 0 is text where a number was expected");
        let null: Result<Option<(String, i64)>, Error> = t.db.first(&THING_BY_ID, get).await;
        assert_eq!(null.unwrap_err().to_string(), "database: THING_BY_ID: column 1 is NULL where a number was expected");
        assert!(why(t.db.first(&THING_BY_ID, &values![t.org]).await).contains("wants 2 parameters, has 1"));
        let wide = t.db.all::<Wide>(&THING_BY_ID, get).await.err();
        assert_eq!(wide, Some(Error::Internal("THING_BY_ID: column 5 does not exist".to_owned())));
        let nul = t.db.exec(&THING_ADD, &values![t.org, t.env.id(), "a\0b"]).await;
        assert_eq!(nul, Err(Error::Internal("THING_ADD: $3 holds U+0000".to_owned())));
        let number_for_text = t.db.exec(&THING_ADD, &values![t.org, t.env.id(), vec![1_u8]]).await;
        assert!(matches!(number_for_text, Err(Error::Internal(_))), "{number_for_text:?}");
    }

    async fn a_read_cannot_write(t: Test) {
        let wrote: Result<Vec<i64>, Error> = t.db.all(&THING_ADD, &values![t.org, t.env.id(), "sneaked in"]).await;
        assert!(matches!(wrote, Err(Error::Internal(_))), "{wrote:?}");
        assert!(t.names().await.is_empty());
    }
}
