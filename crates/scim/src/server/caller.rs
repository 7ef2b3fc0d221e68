//! Who is calling, as far as that shows: for the console's "recognised as", never for a decision about access.

/// A known caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Okta.
    Okta,
    /// Entra ID.
    Entra,
    /// OneLogin.
    OneLogin,
    /// JumpCloud.
    JumpCloud,
    /// Google.
    Google,
    /// Another Muster.
    Muster,
}

impl Caller {
    /// By the `User-Agent` and the query: Entra ID is told to behave by a flag of that name in its URL.
    #[must_use]
    pub fn recognise(user_agent: &str, query: &str) -> Option<Self> {
        let agent = user_agent.get(..user_agent.len().min(500)).unwrap_or_default().to_ascii_lowercase();
        let known = [
            ("okta", Self::Okta),
            ("onelogin", Self::OneLogin),
            ("jumpcloud", Self::JumpCloud),
            ("muster", Self::Muster),
            ("azure", Self::Entra),
            ("microsoft", Self::Entra),
            ("entra", Self::Entra),
            ("google", Self::Google),
        ];
        let by_agent = known.into_iter().find(|(word, _)| agent.contains(word)).map(|(_, caller)| caller);
        by_agent.or_else(|| query.to_ascii_lowercase().contains("aadoptscim").then_some(Self::Entra))
    }

    /// The name to show.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Okta => "Okta",
            Self::Entra => "Microsoft Entra ID",
            Self::OneLogin => "OneLogin",
            Self::JumpCloud => "JumpCloud",
            Self::Google => "Google",
            Self::Muster => "Muster",
        }
    }
}
