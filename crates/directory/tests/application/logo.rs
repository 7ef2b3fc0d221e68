use muster_directory::application::logo::{SetLogo, check};
use muster_directory::application::store;
use muster_directory::organization;

use crate::harness::fields;

const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

/// Stored XSS / image parsing: what it is is read from the bytes; what can carry script is refused.
#[test]
fn the_bytes_tell_what_it_is() {
    assert_eq!(check(PNG).unwrap(), "image/png");
    assert_eq!(check(&[0xFF, 0xD8, 0xFF, 0xE0]).unwrap(), "image/jpeg");
    assert_eq!(check(b"GIF89a...").unwrap(), "image/gif");
    assert_eq!(check(b"RIFF....WEBPVP8 ").unwrap(), "image/webp");
    for wrong in
        [&b"<svg onload=alert(1)>"[..], b"<?xml version=\"1.0\"?><svg/>", b"", b"GIF88a", b"\x89PNG", b"RIFF....WAVE"]
    {
        assert_eq!(fields(check(wrong)), ["image"], "{wrong:?}");
    }
    let mut large = PNG.to_vec();
    large.resize(512 * 1024 + 1, 0);
    assert_eq!(fields(check(&large)), ["image"]);
}

both! {
    async fn is_set_read_and_removed(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let logo = async || store::logo(&mut t.d.read(), t.acme.id, app).await.unwrap();
        assert_eq!(logo().await, None);
        t.write(t.acme, SetLogo { app, logo: Some((PNG.to_vec(), "image/png")) }).await.unwrap();
        assert_eq!(logo().await, Some((PNG.to_vec(), "image/png".to_owned())));
        assert!(store::get(&mut t.d.read(), t.acme.id, app).await.unwrap().has_logo);
        t.write(t.acme, SetLogo { app, logo: None }).await.unwrap();
        assert_eq!(logo().await, None);
    }

    async fn an_organization_has_one_too(t) {
        let set = async |logo| t.write(t.acme, organization::update::SetLogo { logo }).await.unwrap();
        set(Some((PNG.to_vec(), "image/png"))).await;
        let read = organization::store::logo(&mut t.d.read(), t.acme.id).await.unwrap();
        assert_eq!(read, Some((PNG.to_vec(), "image/png".to_owned())));
        assert!(!organization::store::get(&mut t.d.read(), t.blue.id).await.unwrap().has_logo);
        set(None).await;
        assert_eq!(organization::store::logo(&mut t.d.read(), t.acme.id).await.unwrap(), None);
    }
}
