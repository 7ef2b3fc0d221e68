//! Limits that more than one crate must agree on. Every bound on outside input has a name and a place.

/// The longest single text attribute (JumpCloud's v1 limit).
pub const TEXT_MAX: usize = 1024;
/// The longest name of a group, application, policy or provider.
pub const NAME_MAX: usize = 255;
/// The largest JSON body of the API.
pub const BODY_MAX_BYTES: usize = 1024 * 1024;
/// The largest logo file.
pub const LOGO_MAX_BYTES: usize = 512 * 1024;
/// The largest page of a list.
pub const PAGE_MAX: i64 = 1000;
/// The longest URL that is stored (redirect URI, login URL, issuer).
pub const URL_MAX: usize = 2048;
/// The longest password that is hashed: long enough for any phrase, short enough not to be a load.
pub const PASSWORD_MAX: usize = 256;
/// How far another party's clock may be off, in seconds.
pub const CLOCK_SKEW_S: i64 = 60;
