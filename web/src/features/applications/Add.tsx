import { IconApps, IconFingerprint, IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { Button } from "../../ui/controls.tsx";
import { Page } from "../../ui/Page.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Wizard } from "./Wizard.tsx";
import { readWizard, type WizardState } from "./wizardState.ts";
import "./applications.css";

const kinds = [
  {
    kind: "custom" as const,
    title: "Custom Application",
    text: "Any application. Choose the features that it gets: single sign-on, accounts out, accounts in.",
    action: "select",
    icon: IconApps,
  },
  {
    kind: "oidc" as const,
    title: "OpenID Connect",
    text: "Straight to an application that signs people in with OIDC.",
    action: "Custom OIDC App",
    icon: IconFingerprint,
  },
  {
    kind: "saml" as const,
    title: "SAML",
    text: "Straight to an application that signs people in with SAML 2.0.",
    action: "Custom SAML App",
    icon: IconShieldCheck,
  },
];

/** Adding an application: choose what kind, then the wizard. An unfinished one can be resumed. */
export function ApplicationAdd() {
  const { org } = useOrg();
  const [wizard, setWizard] = useState<WizardState | null>(() => readWizard(org.id));
  const [search, setSearch] = useState("");
  const back = {
    label: "SSO Applications",
    to: "/console/$slug/sso-applications" as const,
    params: { slug: org.slug },
  };
  if (wizard) return <Wizard start={wizard} back={back} onRestart={() => setWizard(null)} />;
  const needle = search.trim().toLowerCase();
  const found = kinds.filter((one) => `${one.title} ${one.action} ${one.text}`.toLowerCase().includes(needle));
  const start = (kind: WizardState["kind"]) =>
    setWizard({
      kind,
      step: kind === "custom" ? "features" : "general",
      sso: kind !== "custom",
      exporting: false,
      importing: false,
      protocol: kind === "custom" ? null : kind,
      general: { displayLabel: "", description: "", hidden: false, logo: null },
    });
  const shown = found.length > 0 ? found : kinds.slice(0, 1);
  return (
    <Page title="Add New Application" back={back} under="Choose what to connect.">
      <div className="tools">
        <SearchField label="Search applications" value={search} onChange={setSearch} />
      </div>
      {found.length === 0 && (
        <p aria-live="polite">
          There is no ready-made application called “{search}”. Connect it as a Custom Application.
        </p>
      )}
      <div className="cards">
        {shown.map((one) => (
          <section key={one.kind} className="card" aria-label={one.title}>
            <one.icon size={26} stroke={1.6} color="var(--m-accent-ink)" aria-hidden />
            <h2>{one.title}</h2>
            <p>{one.text}</p>
            <div>
              <Button variant={one.kind === "custom" ? "filled" : "default"} onClick={() => start(one.kind)}>
                {one.action}
              </Button>
            </div>
          </section>
        ))}
      </div>
    </Page>
  );
}
