//! Where a read comes from: the database outside a transaction, or the transaction of a verb. Stores take either.

use muster_base::Id;
use muster_db::{Db, Error, FromRow, Sql, Tx, V};

use crate::user::User;

/// Something that answers statements.
pub trait Source: Send {
    /// All rows.
    fn all<T: FromRow + Send>(
        &mut self,
        sql: &'static Sql,
        params: &[V<'_>],
    ) -> impl Future<Output = Result<Vec<T>, Error>> + Send;

    /// The first row.
    fn first<T: FromRow + Send>(
        &mut self,
        sql: &'static Sql,
        params: &[V<'_>],
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send;

    /// A person whom this very transaction wrote, as they are now: they need not be read.
    fn written(&self, _: Id) -> Option<&User> {
        None
    }

    /// Whether this very transaction made a person, who is in no group yet and exempt from none.
    fn is_new(&self, _: Id) -> bool {
        false
    }
}

impl Source for &Db {
    async fn all<T: FromRow + Send>(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Error> {
        Db::all(self, sql, params).await
    }

    async fn first<T: FromRow + Send>(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
        Db::first(self, sql, params).await
    }
}

impl Source for Tx {
    async fn all<T: FromRow + Send>(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Error> {
        Tx::all(self, sql, params).await
    }

    async fn first<T: FromRow + Send>(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
        Tx::first(self, sql, params).await
    }
}

/// A LIKE pattern that finds `term` anywhere, its own wildcards taken literally.
pub(crate) fn like(term: &str) -> String {
    let mut out = String::from("%");
    for c in term.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('%');
    out
}
