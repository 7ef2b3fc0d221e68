//! Parsing within limits.

use muster_saml::xml::{Limits, Node, ParseError, Text, measure, node};
use proptest::prelude::*;

fn parse(xml: &str) -> Result<(), ParseError> {
    Text::message(xml.as_bytes())?.parse().map(|_| ())
}

fn nested(depth: usize) -> String {
    format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth))
}

#[test]
fn each_limit_is_exact() {
    assert!(parse(&nested(64)).is_ok());
    assert_eq!(parse(&nested(65)).unwrap_err(), ParseError::TooDeep(64));
    let attributes = |count: usize| format!("<a {}/>", (0..count).map(|n| format!(" a{n}=''")).collect::<String>());
    assert!(parse(&attributes(64)).is_ok());
    assert_eq!(parse(&attributes(65)).unwrap_err(), ParseError::TooManyAttributes(64));
    let siblings = |count: usize| format!("<a>{}</a>", "<b/>".repeat(count));
    // The document itself is a node, too.
    assert!(parse(&siblings(4_998)).is_ok());
    assert_eq!(parse(&siblings(4_999)).unwrap_err(), ParseError::TooManyNodes(5_000));
    let declared = |count: usize| {
        format!(
            "<a {}><b xmlns:x='urn:x'/></a>",
            (0..count).map(|n| format!(" xmlns:p{n}='urn:{n}'")).collect::<String>()
        )
    };
    assert!(parse(&declared(63)).is_ok());
    assert_eq!(parse(&declared(64)).unwrap_err(), ParseError::TooManyNamespaces(64));
    let max = 256 * 1024;
    assert!(Text::message(&vec![b' '; max]).is_ok());
    assert_eq!(Text::message(&vec![b' '; max + 1]).unwrap_err(), ParseError::TooLarge(max + 1, max));
}

#[test]
fn hostile_width_and_depth_cost_little() {
    // Each would be millions of comparisons in the parser; the measure stops them in one pass.
    let wide = format!("<a {}/>", (0..25_000).map(|n| format!(" a{n}=''")).collect::<String>());
    assert_eq!(parse(&wide).unwrap_err(), ParseError::TooManyAttributes(64));
    assert_eq!(parse(&nested(4_000)).unwrap_err(), ParseError::TooDeep(64));
    assert_eq!(parse(&nested(30_000)).unwrap_err(), ParseError::TooDeep(64));
    assert_eq!(parse(&format!("<r>{}</r>", "<b/>".repeat(60_000))).unwrap_err(), ParseError::TooManyNodes(5_000));
}

#[test]
fn only_utf8_and_version_1_0_are_read() {
    assert_eq!(Text::message(b"<a>\xFF</a>").unwrap_err(), ParseError::Encoding);
    assert!(parse("\u{FEFF}<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>").is_ok());
    for declaration in ["encoding='UTF-16'", "encoding = \"iso-8859-1\"", "encoding"] {
        assert_eq!(parse(&format!("<?xml version='1.0' {declaration}?><a/>")).unwrap_err(), ParseError::Encoding);
    }
    assert_eq!(parse("<?xml version='1.1'?><a/>").unwrap_err(), ParseError::Version);
    assert_eq!(parse("<?xml encoding='UTF-8'?><a/>").unwrap_err(), ParseError::Version);
}

#[test]
fn namespaces_are_declared_as_the_specification_has_it() {
    for xml in [
        "<a xmlns='urn:a' xmlns='urn:b'/>",
        "<a xmlns:p=''/>",
        "<a x='1' xmlns:p = \"\" />",
        "<b><a\nxmlns:p\n=''/></b>",
    ] {
        assert_eq!(parse(xml).unwrap_err(), ParseError::Namespace, "{xml}");
    }
    assert!(parse("<a xmlns=''/>").is_ok());
    assert!(parse("<a xmlns:p='urn:p' q=''/>").is_ok());
    assert!(parse("<a p:q='1'/>").is_err());
}

#[test]
fn line_ends_are_normalised_before_anything_else() {
    let text = Text::message(b"<a b='1\r\n2'>x\r\ny\rz\r<c/>&#13;</a>").unwrap();
    let document = text.parse().unwrap();
    let root = document.root_element();
    assert_eq!(root.first_child().unwrap().text(), Some("x\ny\nz\n"));
    assert_eq!(root.last_child().unwrap().text(), Some("\r"));
    // Behind a reference the parser itself keeps a carriage return that is the last of its text.
    let text = Text::message(b"<a>x&amp;\r</a>").unwrap();
    assert_eq!(text.parse().unwrap().root_element().text(), Some("x&\n"));
    assert_eq!(node::optional(root, "b"), Some("1 2"));
}

#[test]
fn markup_in_comments_and_data_is_not_counted() {
    let noise = format!("<!-- {} -->", "<a b='>".repeat(6_000));
    let data = format!("<![CDATA[{}]]>", "<a ]]".repeat(6_000));
    let instruction = format!("<?p {} ?>", "<a b=c".repeat(6_000));
    assert!(parse(&format!("<r x='>' y=\"'>\">{noise}{data}{instruction}</r>")).is_ok());
}

/// The depth by the parser's own tree.
fn depth(node: Node<'_, '_>) -> usize {
    node.children().filter(|child| child.is_element()).map(depth).max().unwrap_or(0) + 1
}

proptest! {
    #[test]
    fn the_measure_agrees_with_the_parser(seed in "[ab<>/='\" x:!?\\[\\]CDATA-]{0,60}", levels in 1_usize..70) {
        // Whatever the noise is, if the parser takes the document then the measure counts the same depth.
        let xml = format!("<r q=\"{}\">{}<!--{}--></r>", seed.replace(['<', '"', '&'], ""), nested(levels), seed.replace('-', ""));
        let wide = Limits { depth: 1000, ..Limits::MESSAGE };
        let text = Text::new(xml.as_bytes(), wide).unwrap();
        if let Ok(document) = text.parse() {
            let deep = depth(document.root_element());
            let at = |limit| measure::check(&xml, &Limits { depth: limit, ..Limits::MESSAGE }).is_ok();
            prop_assert!(at(deep) && !at(deep - 1));
        } else {
            prop_assert!(false, "not parsed: {}", xml);
        }
    }
}
