//! smoke
use muster_base::*;
use muster_db::*;
muster_db::sql! {
    /// doc
    pub ADD = "INSERT INTO things (org_id, id, n, doc) VALUES ($1, $2, $3, $4)";
    ALL = "SELECT id, n, doc FROM things WHERE org_id = $1 AND id IN {each $2} ORDER BY id";
}
struct Add {
    org: Id,
    id: Id,
}
impl Work for Add {
    type Out = u64;
    type Err = Error;
    async fn run(&self, tx: &mut Tx) -> Result<u64, Error> {
        let n = tx.exec(&ADD, &values![self.org, self.id, 1_i64, None::<&str>]).await?;
        let _: Vec<(Id, i64, Option<String>)> = tx.all(&ALL, &[V::from(self.org), V::list([self.id])]).await?;
        Ok(n)
    }
}
#[tokio::test]
async fn smoke() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&Config::Sqlite { path: dir.path().join("a.db"), readers: 2 }).await.unwrap();
    db.migrate(&[Migration::new(1, "things", "CREATE TABLE things (org_id {text} NOT NULL, id {text} NOT NULL, n {int} NOT NULL, doc {text}, PRIMARY KEY (org_id, id)) {strict};")]).await.unwrap();
    let env = Env::system();
    let (org, id) = (env.id(), env.id());
    let other = db.clone();
    tokio::spawn(async move { other.write(Add { org, id }).await.unwrap() }).await.unwrap();
    let e = db.write(Add { org, id }).await.unwrap_err();
    assert!(e.is_unique_on("id"), "{e:?}");
    assert_eq!(
        db.first::<(Id, i64, Option<String>)>(&ALL, &[V::from(org), V::list([id])]).await.unwrap(),
        Some((id, 1, None))
    );
    assert!(db.lease("a", "x", 10, Micros(0)).await.unwrap());
    assert!(!db.lease("a", "y", 10, Micros(0)).await.unwrap());
    db.close().await;
    assert!(db.ping().await.is_err());
}
