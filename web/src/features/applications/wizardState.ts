import type { General } from "./GeneralInfo.tsx";

export type Step = "features" | "general" | "confirm";

/** A new application on its way: kept in this tab's session, so that it can be left and resumed. */
export interface WizardState {
  kind: "custom" | "oidc" | "saml";
  step: Step;
  sso: boolean;
  /** "Export users to this app (Identity Management)". */
  exporting: boolean;
  /** "Import users from this app". */
  importing: boolean;
  protocol: "oidc" | "saml" | null;
  general: General;
}

type Features = Pick<WizardState, "sso" | "exporting" | "importing" | "protocol">;

/** What is wrong with the choice of features, in words that say what to do. */
export function featuresProblem(state: Features): string | undefined {
  if (state.sso && state.protocol === null) return "Choose how people sign in.";
  return state.sso || state.exporting || state.importing ? undefined : "Choose at least one feature.";
}

/** The template: without single sign-on there are only accounts. */
export function templateOf(state: Features): "oidc" | "saml" | "scim" {
  return state.sso ? (state.protocol ?? "oidc") : "scim";
}

/** The tab that "Configure Application" opens. */
export const firstTab = (state: Features) => (state.sso ? "sso" : "identity");

/** What was chosen, in words. */
export function featureWords(state: Features): string[] {
  const words: string[] = [];
  if (state.sso) words.push(`Single Sign-On (SSO) with ${state.protocol === "saml" ? "SAML" : "OIDC"}`);
  if (state.exporting) words.push("Export users to this app (Identity Management)");
  if (state.importing) words.push("Import users from this app");
  return words;
}

const nameOf = (orgId: string) => `muster-new-application-${orgId}`;

export function readWizard(orgId: string): WizardState | null {
  try {
    const text = sessionStorage.getItem(nameOf(orgId));
    // What an older console kept has fewer features.
    return text ? ({ exporting: false, importing: false, ...JSON.parse(text) } as WizardState) : null;
  } catch {
    return null;
  }
}

export function keepWizard(orgId: string, state: WizardState | null): void {
  try {
    if (state) sessionStorage.setItem(nameOf(orgId), JSON.stringify(state));
    else sessionStorage.removeItem(nameOf(orgId));
  } catch {
    // A full session store costs the chance to resume, nothing else.
  }
}
