//! Running one statement on a connection.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use super::error::error;
use crate::config::Engine;
use crate::error::Error;
use crate::row::{Cell, FromRow, Row, Source};
use crate::sql::Sql;
use crate::value::V;

struct Bound<'a>(&'a V<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            V::Null => ToSqlOutput::Owned(Value::Null),
            V::I(i) => ToSqlOutput::Owned(Value::Integer(*i)),
            V::T(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            V::B(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

pub(crate) fn all<T: FromRow>(c: &Connection, sql: &'static Sql, params: &[V<'_>]) -> Result<Vec<T>, Error> {
    let mut statement = bound(c, sql, params)?;
    let mut rows = statement.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(|e| error(sql.name(), &e))? {
        out.push(T::from_row(&Row::new(sql.name(), Source::Sqlite(row)))?);
    }
    Ok(out)
}

pub(crate) fn first<T: FromRow>(c: &Connection, sql: &'static Sql, params: &[V<'_>]) -> Result<Option<T>, Error> {
    let mut statement = bound(c, sql, params)?;
    let mut rows = statement.raw_query();
    let Some(row) = rows.next().map_err(|e| error(sql.name(), &e))? else { return Ok(None) };
    // With RETURNING the first step has made all changes and checked all constraints.
    T::from_row(&Row::new(sql.name(), Source::Sqlite(row))).map(Some)
}

pub(crate) fn exec(c: &Connection, sql: &'static Sql, params: &[V<'_>]) -> Result<u64, Error> {
    let changed = bound(c, sql, params)?.raw_execute().map_err(|e| error(sql.name(), &e))?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

pub(crate) fn batch(c: &Connection, text: &str) -> Result<(), Error> {
    c.execute_batch(text).map_err(|e| error("batch", &e))
}

/// Runs one statement that begins or ends something: kept prepared, since every work needs two.
pub(super) fn control(c: &Connection, text: &str) -> Result<(), Error> {
    let run = c.prepare_cached(text).and_then(|mut statement| statement.raw_execute());
    run.map(|_| ()).map_err(|e| error(text, &e))
}

#[cfg(feature = "testing")]
pub(super) fn prepare(c: &Connection, sql: &'static Sql) -> Result<(), Error> {
    c.prepare(sql.text(Engine::Sqlite)).map(|_| ()).map_err(|e| error(sql.name(), &e))
}

fn bound<'c>(c: &'c Connection, sql: &'static Sql, params: &[V<'_>]) -> Result<CachedStatement<'c>, Error> {
    let mut statement = c.prepare_cached(sql.text(Engine::Sqlite)).map_err(|e| error(sql.name(), &e))?;
    if statement.parameter_count() != params.len() {
        let (wants, has) = (statement.parameter_count(), params.len());
        return Err(Error::Internal(format!("{}: wants {wants} parameters, has {has}", sql.name())));
    }
    for (i, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, Bound(param)).map_err(|e| error(sql.name(), &e))?;
    }
    Ok(statement)
}

/// Column `i` of a row.
pub(crate) fn cell<'r>(row: &'r rusqlite::Row<'r>, i: usize) -> Result<Cell<'r>, String> {
    match row.get_ref(i) {
        Ok(ValueRef::Null) => Ok(Cell::Null),
        Ok(ValueRef::Integer(number)) => Ok(Cell::Int(number)),
        Ok(ValueRef::Text(text)) => std::str::from_utf8(text).map(Cell::Text).map_err(|_| "is not UTF-8".to_owned()),
        Ok(ValueRef::Blob(bytes)) => Ok(Cell::Bytes(bytes)),
        Ok(ValueRef::Real(_)) => Err("is a fraction; CAST it to BIGINT or TEXT".to_owned()),
        Err(_) => Err("does not exist".to_owned()),
    }
}
