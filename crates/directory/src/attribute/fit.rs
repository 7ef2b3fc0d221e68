//! Values of declared attributes are brought into their one spelling, or refused: whichever door they come through, they
//! come through the verbs that ask here.

use crate::user::profile::CustomAttribute;
use crate::{Error, FieldError, Result, Write};

use super::store;

/// Spells the values as their types are kept.
///
/// # Errors
/// [`Error::Invalid`] naming each value that does not fit.
pub(crate) async fn fit(w: &mut Write<'_>, attributes: &mut [CustomAttribute]) -> Result<()> {
    if attributes.is_empty() {
        return Ok(());
    }
    let org = w.org();
    let names: Vec<&str> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    let declared = store::named(w, org, &names).await?;
    let mut problems = Vec::new();
    for (i, attribute) in attributes.iter_mut().enumerate() {
        let Some(of) = declared.iter().find(|of| of.name == attribute.name) else { continue };
        match of.kind.of_rules().spelt(&attribute.value) {
            Ok(spelt) => attribute.value = spelt,
            Err(why) => {
                let message = format!("{} is a {}: {} {why}", attribute.name, of.kind.word(), shown(&attribute.value));
                problems.push(FieldError::new(format!("attributes[{i}].value"), message));
            }
        }
    }
    Error::unless_empty(problems)
}

/// A value in quotes, cut where it is long.
pub(super) fn shown(value: &str) -> String {
    let cut: String = value.chars().take(60).collect();
    format!("{cut:?}{}", if cut.len() < value.len() { "..." } else { "" })
}
