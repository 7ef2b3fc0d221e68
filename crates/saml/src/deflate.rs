//! The compression of the Redirect binding (RFC 1951), with a bound on what comes out. Nothing else.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// Why a compressed message is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// More than the bound would come out.
    #[error("the message would have more than {0} bytes when inflated")]
    TooLarge(usize),
    /// No DEFLATE stream, or one that is cut short.
    #[error("the message is not a DEFLATE stream (RFC 1951, without zlib header)")]
    Malformed,
}

/// Inflates, to at most `max_bytes`.
///
/// # Errors
/// A stream that is malformed or too large; memory beyond the bound is never taken.
pub fn inflate(bytes: &[u8], max_bytes: usize) -> Result<Vec<u8>, InflateError> {
    decompress_to_vec_with_limit(bytes, max_bytes).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => InflateError::TooLarge(max_bytes),
        _ => InflateError::Malformed,
    })
}

/// Deflates.
#[must_use]
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, 6)
}
