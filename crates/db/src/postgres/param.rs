//! Values in PostgreSQL's binary form, in both directions.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::row::Cell;
use crate::value::V;

/// A parameter, sent as the type that the server inferred for it.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) &'a V<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self.0 {
            V::Null => Ok(IsNull::Yes),
            V::I(number) => integer(*number, of, out),
            V::T(text) if is_text(of) => text.as_ref().to_sql(&Type::TEXT, out),
            V::B(bytes) if *of == Type::BYTEA => bytes.as_ref().to_sql(of, out),
            V::T(_) => Err(format!("text where the server takes {of}; CAST the parameter AS TEXT").into()),
            V::B(_) => Err(format!("bytes where the server takes {of}").into()),
        }
    }

    /// What does not fit is refused with the value's kind in the text, which a `false` here would not have.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn integer(number: i64, of: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
    let narrow = || format!("the number does not fit {of}; CAST the parameter AS BIGINT");
    match *of {
        Type::INT8 => number.to_sql(of, out),
        Type::INT4 => i32::try_from(number).map_err(|_| narrow())?.to_sql(of, out),
        Type::INT2 => i16::try_from(number).map_err(|_| narrow())?.to_sql(of, out),
        Type::BOOL => (number != 0).to_sql(of, out),
        _ => Err(format!("a number where the server takes {of}; CAST the parameter AS BIGINT").into()),
    }
}

fn is_text(of: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::NAME, Type::BPCHAR, Type::UNKNOWN].contains(of)
}

/// Whether some [`V`] other than NULL can be a parameter of this type.
#[cfg(feature = "testing")]
pub(super) fn takes(of: &Type) -> bool {
    is_text(of) || [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::BYTEA].contains(of)
}

/// Whether [`cell`] can read a column of this type.
#[cfg(feature = "testing")]
pub(super) fn reads(of: &Type) -> bool {
    takes(of) || *of == Type::VOID
}

/// Column `i` of a row.
pub(crate) fn cell<'r>(row: &'r tokio_postgres::Row, i: usize) -> Result<Cell<'r>, String> {
    let Some(column) = row.columns().get(i) else { return Err("does not exist".to_owned()) };
    let of = column.type_();
    let cell = match *of {
        Type::INT8 => row.try_get::<_, Option<i64>>(i).map(|n| n.map(Cell::Int)),
        Type::INT4 => row.try_get::<_, Option<i32>>(i).map(|n| n.map(|n| Cell::Int(n.into()))),
        Type::INT2 => row.try_get::<_, Option<i16>>(i).map(|n| n.map(|n| Cell::Int(n.into()))),
        Type::BOOL => row.try_get::<_, Option<bool>>(i).map(|n| n.map(|n| Cell::Int(n.into()))),
        Type::BYTEA => row.try_get::<_, Option<&[u8]>>(i).map(|n| n.map(Cell::Bytes)),
        Type::VOID => Ok(None),
        _ if is_text(of) => row.try_get::<_, Option<&str>>(i).map(|n| n.map(Cell::Text)),
        _ => return Err(format!("is a {of}; CAST it to BIGINT or TEXT")),
    };
    cell.map(|cell| cell.unwrap_or(Cell::Null)).map_err(|e| super::error::text(&e))
}
