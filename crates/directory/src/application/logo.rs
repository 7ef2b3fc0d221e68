//! Logos: PNG, JPEG, GIF or WebP by their first bytes. SVG is refused, since it can carry script.

use muster_base::{Id, limits};
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// The media type of a picture, from its bytes alone: what a sender says of it is not believed.
///
/// # Errors
/// [`Error::Invalid`] on `image`.
pub fn check(bytes: &[u8]) -> Result<&'static str> {
    if bytes.len() > limits::LOGO_MAX_BYTES {
        return Err(Error::field("image", "a logo has at most 512 KiB"));
    }
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Ok("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok("image/webp"),
        _ => Err(Error::field("image", "a PNG, JPEG, GIF or WebP picture is needed")),
    }
}

/// Sets or removes an application's logo, checked by [`check`].
pub struct SetLogo {
    /// The application.
    pub app: Id,
    /// The picture and its media type.
    pub logo: Option<(Vec<u8>, &'static str)>,
}

impl Verb for SetLogo {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::get(w, w.org(), self.app).await?;
        store::set_logo(w, self.app, self.logo.as_ref().map(|(bytes, kind)| (bytes.as_slice(), *kind))).await?;
        w.log(Kind::ApplicationUpdate, Subject::application(self.app), json!({"logo": self.logo.is_some()}));
        Ok(())
    }
}
