import type { General } from "./GeneralInfo.tsx";

export type Step = "features" | "general" | "confirm";

/** A new application on its way: kept in this tab's session, so that it can be left and resumed. */
export interface WizardState {
  kind: "custom" | "oidc" | "saml";
  step: Step;
  sso: boolean;
  protocol: "oidc" | "saml" | null;
  general: General;
}

const nameOf = (orgId: string) => `muster-new-application-${orgId}`;

export function readWizard(orgId: string): WizardState | null {
  try {
    const text = sessionStorage.getItem(nameOf(orgId));
    return text ? (JSON.parse(text) as WizardState) : null;
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
