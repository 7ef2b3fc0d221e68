//! Makes a group.

use serde_json::json;

use super::model::Doc;
use super::{Group, Input, Method, store, update};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Makes a group.
pub struct Create {
    /// Everything about it; the name is needed.
    pub input: Input,
}

impl Verb for Create {
    type Out = Group;

    async fn run(&self, w: &mut Write<'_>) -> Result<Group> {
        let blank = Group {
            org: w.org(),
            id: w.env().id(),
            name: String::new(),
            doc: Doc::default(),
            method: Method::Static,
            member_query: None,
            created_at: w.now(),
        };
        let group = blank.with(&self.input).map_err(Error::Invalid)?;
        update::check_rule(w, &group, self.input.exemptions.as_deref()).await?;
        store::insert(w, &group).await?;
        if let Some(exemptions) = &self.input.exemptions {
            store::set_exemptions(w, group.id, exemptions).await?;
        }
        let mut fields = json!({"name": group.name, "membershipMethod": group.method});
        if let Some(query) = &group.member_query {
            fields["memberQuery"] = query.write_v2();
        }
        if let Some(exemptions) = &self.input.exemptions {
            fields["memberQueryExemptions"] = update::listed(exemptions);
        }
        w.log(Kind::GroupCreate, Subject::group(group.id), fields);
        Ok(group)
    }
}
