//! A form of a server-rendered page, read as far as these pages go: one after another, double-quoted attributes.

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Its fields with their values.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of a page.
    #[must_use]
    pub fn first(html: &str) -> Option<Self> {
        let begin = html.find("<form ")?;
        let end = begin + html[begin..].find("</form>")?;
        let form = &html[begin..end];
        let mut tags = form.split('<').skip(1).map(|t| t.split('>').next().unwrap_or_default());
        let action = attribute(tags.next()?, "action")?;
        let inputs = tags.filter(|t| t.starts_with("input "));
        let fields = inputs.filter_map(|t| Some((attribute(t, "name")?, attribute(t, "value").unwrap_or_default())));
        Some(Self { action, fields: fields.collect() })
    }

    /// A field's value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The form with these fields filled in.
    #[must_use]
    #[track_caller]
    pub fn filled(mut self, typed: &[(&str, &str)]) -> Self {
        for (name, value) in typed {
            let field = self.fields.iter_mut().find(|(n, _)| n == name);
            let field = field.unwrap_or_else(|| panic!("the form at {} has no field {name}", self.action));
            (*value).clone_into(&mut field.1);
        }
        self
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let marker = format!(" {name}=\"");
    let begin = tag.find(&marker)? + marker.len();
    let end = begin + tag[begin..].find('"')?;
    Some(unescape(&tag[begin..end]))
}

/// Text from HTML's five escapes and the numeric ones.
pub fn unescape(text: &str) -> String {
    const ENTITIES: [(&str, &str); 9] = [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    let mut out = String::new();
    let mut rest = text;
    // From left to right, so that what an escape stands for is not taken for the beginning of another one.
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (entity, c) = found.unwrap_or(&("&", "&"));
        out.push_str(c);
        rest = &rest[entity.len()..];
    }
    out.push_str(rest);
    out
}
