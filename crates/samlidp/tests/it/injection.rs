//! Names with markup are text, on the page and in the message.

use muster_directory::application::Mapping;
use muster_directory::application::saml::Saml;
use muster_testkit::both;

use crate::world::{World, seed, setup};

const MARKUP: &str = "\"><script>alert(1)</script><saml:x a='&amp;'>";

both! {
    async fn markup_in_names_is_escaped_everywhere(t) with setup(); {
        let saml = Saml {
            default_relay_state: MARKUP.into(),
            constant_attributes: vec![Mapping { name: MARKUP.into(), value: MARKUP.into() }],
            ..seed()
        };
        let world = World::named(t, saml, MARKUP).await;
        let (mut browser, _) = world.signed_in(t).await;
        let page = browser.get(&world.path("/sso")).await;
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<saml:x"), "{}", page.body);
        assert_eq!(page.body.matches("<script").count(), 1);
        assert_eq!(page.form().value("RelayState"), Some(MARKUP));
        let response = world.judge(t, &page, false).await.unwrap();
        let attribute = &response.signed_in.attributes[1];
        assert_eq!((attribute.name.as_str(), attribute.values[0].as_str()), (MARKUP, MARKUP));
        // The form works without the script: it has a button.
        assert!(page.body.contains("<button type=\"submit\">"));
    }
}
