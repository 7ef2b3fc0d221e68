//! Which of theirs is ours: by `userName` (a group by `displayName`), then by `externalId`. The receiver's answer to a
//! filter is not believed: what does not fit is passed over.

use crate::resource::Resource;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'a> {
    /// None.
    Nobody,
    /// One, and by which attribute.
    One(&'a Resource, &'static str),
    /// One that another object of ours is linked to.
    Taken(&'a Resource),
    /// Several: somebody has to choose.
    Several(Vec<&'a Resource>),
}

/// Looks for `wanted` among `theirs`; `taken` says whether an id belongs to another object of ours.
#[must_use]
pub fn find<'a>(
    wanted: &Resource,
    theirs: impl IntoIterator<Item = &'a Resource>,
    taken: &dyn Fn(&str) -> bool,
) -> Found<'a> {
    let theirs: Vec<&Resource> = theirs.into_iter().filter(|r| r.id().is_some_and(|id| !id.is_empty())).collect();
    let naming = if wanted.text("userName").is_some() { "userName" } else { "displayName" };
    let folded = |r: &Resource, name: &str| r.text(name).map(|t| t.trim().to_lowercase());
    let name = folded(wanted, naming);
    let mut fitting: Vec<_> = theirs.iter().copied().filter(|r| name.is_some() && folded(r, naming) == name).collect();
    let mut by = naming;
    if fitting.is_empty()
        && let Some(id) = wanted.external_id()
    {
        by = "externalId";
        fitting = theirs.into_iter().filter(|r| r.external_id() == Some(id)).collect();
    }
    // A server that pages badly tells of the same one twice.
    fitting.dedup_by(|a, b| a.id() == b.id());
    match fitting.as_slice() {
        [] => Found::Nobody,
        [one] if one.id().is_some_and(taken) => Found::Taken(one),
        [one] => Found::One(one, by),
        _ => Found::Several(fitting),
    }
}
