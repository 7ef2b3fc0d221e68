//! Canonical forms, by the examples of the specifications and by properties. The comparison with libxml2 over thousands of
//! documents is in tests/saml.

use muster_saml::xml::canonical::{CanonicalError, Extras, Method, canonicalize};
use muster_saml::xml::{Text, node};
use proptest::prelude::*;

fn canonical(xml: &str, method: &Method) -> String {
    let text = Text::message(xml.as_bytes()).unwrap();
    let document = text.parse().unwrap();
    canonicalize(document.root_element(), method, None, Extras::AsSpecified).unwrap()
}

/// The canonical form of the element whose `ID` is `apex`.
fn part(xml: &str, method: &Method) -> String {
    let text = Text::message(xml.as_bytes()).unwrap();
    let document = text.parse().unwrap();
    let apex = document.descendants().find(|found| node::optional(*found, "ID") == Some("apex")).unwrap();
    canonicalize(apex, method, None, Extras::AsSpecified).unwrap()
}

fn listed(prefixes: &[&str]) -> Method {
    Method::Exclusive(prefixes.iter().map(|prefix| (*prefix).to_owned()).collect())
}

#[test]
fn start_and_end_tags_as_in_the_specification() {
    // Canonical XML 1.0 section 3.3.
    let xml = "<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n   <e5 a:attr=\"out\" \
               b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n      xmlns:b=\"http://www.ietf.org\"\n      \
               xmlns:a=\"http://www.w3.org\"\n      xmlns=\"http://example.org\"/>\n   <e6 xmlns=\"\" \
               xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\" \
               xmlns:a=\"http://www.w3.org\">\n            <e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/>\n         \
               </e8>\n      </e7>\n   </e6>\n</doc>";
    let wanted = "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n   <e5 \
                  xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" \
                  attr=\"I'm\" attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>\n   <e6 \
                  xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\">\n\
                  \u{20}           <e9 xmlns:a=\"http://www.ietf.org\"></e9>\n         </e8>\n      </e7>\n   </e6>\n</doc>";
    assert_eq!(canonical(xml, &Method::Inclusive), wanted);
}

#[test]
fn characters_as_in_the_specification() {
    // Canonical XML 1.0 section 3.4, without the parts that need a document type.
    let xml = "<doc>\r\n   <text>First line&#x0d;&#10;Second line</text>\r\n   <value>&#x32;</value>\r\n   \
               <compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>\r\n   \
               <compute expr='value>\"0\" &amp;&amp; value&lt;\"10\"'>valid</compute>\r\n   \
               <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>\r\n</doc>";
    let wanted = "<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   \
                  <compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>\n   \
                  <compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot;\">valid</compute>\n   \
                  <norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm>\n</doc>";
    for method in [Method::Inclusive, Method::EXCLUSIVE] {
        assert_eq!(canonical(xml, &method), wanted);
    }
}

#[test]
fn the_exclusive_form_renders_only_what_is_used() {
    // Exclusive XML Canonicalization 1.0 section 2.2.
    let xml = "<n0:local xmlns:n0=\"foo:bar\" xmlns:n3=\"ftp://example.org\"><n1:elem2 xmlns:n1=\"http://example.net\" \
               xml:lang=\"en\" ID=\"apex\"><n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n0:local>";
    let exclusive = "<n1:elem2 xmlns:n1=\"http://example.net\" ID=\"apex\" xml:lang=\"en\"><n3:stuff \
                     xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>";
    assert_eq!(part(xml, &Method::EXCLUSIVE), exclusive);
    let inclusive = "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" xmlns:n3=\"ftp://example.org\" \
                     ID=\"apex\" xml:lang=\"en\"><n3:stuff></n3:stuff></n1:elem2>";
    assert_eq!(part(xml, &Method::Inclusive), inclusive);
    assert_eq!(part(xml, &listed(&["n0", "n3"])), inclusive);
    // A listed prefix that nobody declared.
    assert_eq!(part(xml, &listed(&["nowhere"])), exclusive);
}

#[test]
fn the_default_namespace_is_undone_only_where_it_was_done() {
    let xml = "<p:a xmlns:p=\"urn:p\" xmlns=\"urn:d\"><b xmlns=\"\" ID=\"apex\"><c xmlns=\"urn:d\"><d xmlns=\"\"/></c></b></p:a>";
    let wanted = "<b ID=\"apex\"><c xmlns=\"urn:d\"><d xmlns=\"\"></d></c></b>";
    assert_eq!(part(xml, &Method::EXCLUSIVE), wanted);
    assert_eq!(part(xml, &listed(&["#default"])), wanted);
    let around = "<p:a xmlns:p=\"urn:p\"><b xmlns=\"\"><c xmlns=\"urn:d\"><d xmlns=\"\"></d></c></b></p:a>";
    let without = around.replacen("<b xmlns=\"\">", "<b>", 1);
    assert_eq!(canonical(around, &Method::EXCLUSIVE), without);
}

#[test]
fn the_inclusive_apex_takes_xml_attributes_from_around_it() {
    let xml = "<a xml:lang=\"de\" xml:space=\"preserve\"><b xml:lang=\"en\"><c ID=\"apex\" z=\"1\"/></b></a>";
    assert_eq!(part(xml, &Method::Inclusive), "<c ID=\"apex\" z=\"1\" xml:lang=\"en\" xml:space=\"preserve\"></c>");
    assert_eq!(part(xml, &Method::EXCLUSIVE), "<c ID=\"apex\" z=\"1\"></c>");
}

#[test]
fn comments_go_and_instructions_stay_unless_both_are_refused() {
    let xml = "<a>b<!-- c -->d<?e  f ?><?g?></a>";
    assert_eq!(canonical(xml, &Method::EXCLUSIVE), "<a>bd<?e f ?><?g?></a>");
    let refused = |xml: &str| {
        let text = Text::message(xml.as_bytes()).unwrap();
        let document = text.parse().unwrap();
        canonicalize(document.root_element(), &Method::EXCLUSIVE, None, Extras::Refuse).unwrap_err()
    };
    assert_eq!(refused("<a><!----></a>"), CanonicalError::Comment);
    assert_eq!(refused("<a><b><?c?></b></a>"), CanonicalError::Instruction);
}

/// A piece of XML with everything that canonical forms are about.
fn element() -> impl Strategy<Value = String> {
    let text = "[a-z<>&'\" é\n]{0,8}".prop_map(|text: String| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    });
    let name = prop::sample::select(vec!["e", "a:e", "b:f"]);
    let declaration =
        prop::sample::select(vec!["", " xmlns=\"urn:d\"", " xmlns=\"\"", " xmlns:a=\"urn:x\"", " xmlns:b=\"urn:y\""]);
    let attribute =
        prop::sample::select(vec!["", " z='1'", " a:k=\"&#9;\" k='\"'", " b:k='2' a:j=''", " xml:lang='en'"]);
    let leaf = (name.clone(), declaration.clone(), attribute.clone(), text.clone())
        .prop_map(|(name, declaration, attribute, text)| format!("<{name}{attribute}{declaration}>{text}</{name}>"));
    leaf.prop_recursive(4, 24, 3, move |inner| {
        (name.clone(), declaration.clone(), attribute.clone(), prop::collection::vec(inner, 0..3), text.clone())
            .prop_map(|(name, declaration, attribute, inner, text)| {
                format!("<{name} {declaration}{attribute}>{text}{}{text}</{name}>", inner.concat())
            })
    })
}

proptest! {
    #[test]
    fn a_canonical_form_is_its_own_canonical_form(inner in element()) {
        let xml = format!("<r xmlns:a=\"urn:a\" xmlns:b=\"urn:b\">{inner}</r>");
        for method in [Method::EXCLUSIVE, Method::Inclusive] {
            let once = canonical(&xml, &method);
            prop_assert_eq!(&canonical(&once, &method), &once);
            prop_assert!(!once.is_empty());
        }
    }
}
