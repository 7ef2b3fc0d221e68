import { Stack, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { applicationLogoPath, createApplication, saveLogo } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import type { Application } from "../../api/types.ts";
import { Button, Checkbox } from "../../ui/controls.tsx";
import { Radio } from "../../ui/fields/frequent.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { Logo } from "../../ui/Logo.tsx";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { GeneralInfo } from "./GeneralInfo.tsx";
import {
  featuresProblem,
  featureWords,
  firstTab,
  keepWizard,
  type Step,
  templateOf,
  type WizardState,
} from "./wizardState.ts";

interface WizardProps {
  start: WizardState;
  back: { label: string; to: "/console/$slug/sso-applications"; params: object };
  onRestart: () => void;
}

const names: Record<Step, string> = {
  features: "Select features",
  general: "Enter general info",
  confirm: "Confirm details",
};

const titles: Record<WizardState["kind"], string> = {
  custom: "Custom Application",
  oidc: "Custom OIDC App",
  saml: "Custom SAML App",
};

const templates = {
  oidc: { name: "oidc", displayName: "OpenID Connect" },
  saml: { name: "saml2", displayName: "Custom SAML App" },
  scim: { name: "scim", displayName: "Custom Application" },
};

/**
 * A new application, step by step. "Save Application" and, after the last step, "Configure Application" make it on
 * the server, not yet active; its own page does the rest.
 */
export function Wizard({ start, back, onRestart }: WizardProps) {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [state, setState] = useState(start);
  const [problem, setProblem] = useState<Record<string, string>>({});
  const [saved, setSaved] = useState<Application | null>(null);
  const set = (patch: Partial<WizardState>) => setState((before) => ({ ...before, ...patch }));
  const { general } = state;
  const steps: Step[] = state.kind === "custom" ? ["features", "general", "confirm"] : ["general", "confirm"];

  useEffect(() => {
    if (!saved) keepWizard(org.id, state);
  }, [org.id, state, saved]);

  const configure = (application: Application) =>
    void navigate({
      to: "/console/$slug/sso-applications/$applicationId",
      params: { slug: org.slug, applicationId: application._id },
      search: { tab: firstTab(state) },
    });
  const create = useMutation({
    mutationFn: async () => {
      const template = templateOf(state);
      const application = await createApplication(api, {
        ...templates[template],
        displayLabel: general.displayLabel.trim(),
        description: general.description.trim(),
        // Without sign-in there is nothing that this would open: what is activated is Identity Management.
        active: template === "scim",
        config: {},
        ...(template !== "scim" && { sso: { type: template, hidden: general.hidden } }),
      });
      if (general.logo) await saveLogo(api, applicationLogoPath(application._id), general.logo).catch(failed);
      return application;
    },
    onSuccess: (application) => {
      keepWizard(org.id, null);
      setSaved(application);
      void client.invalidateQueries({ queryKey: [api.orgId, "applications"] });
      done(`Application ${application.displayLabel} saved.`);
      if (state.step === "confirm" || state.kind !== "custom") configure(application);
    },
    onError: (error) => {
      if (fieldError(error, "displayLabel")) set({ step: "general" });
      focusFirstError();
    },
  });

  const named = () => {
    const missing = general.displayLabel.trim() === "";
    setProblem(missing ? { displayLabel: "Enter a display label." } : {});
    if (missing) focusFirstError();
    return !missing;
  };
  const chosen = () => {
    const wrong = featuresProblem(state);
    setProblem(wrong ? { features: wrong } : {});
    return wrong === undefined;
  };
  const next = () => {
    if (state.step === "features" && chosen()) set({ step: "general" });
    if (state.step === "general" && named()) set({ step: "confirm" });
  };
  const previous = () => {
    const before = steps[steps.indexOf(state.step) - 1];
    if (before) return set({ step: before });
    keepWizard(org.id, null);
    onRestart();
  };
  const cancel = () => {
    keepWizard(org.id, null);
    void navigate({ to: "/console/$slug/sso-applications", params: { slug: org.slug } });
  };

  if (saved) return <Saved application={saved} sso={state.sso} back={back} onConfigure={() => configure(saved)} />;
  return (
    <Page title={titles[state.kind]} back={back}>
      <div className="wizard">
        <ol className="wizard__steps">
          {steps.map((step, index) => (
            <li
              key={step}
              aria-current={step === state.step ? "step" : undefined}
              data-done={steps.indexOf(state.step) > index || undefined}
            >
              <span className="wizard__number">{index + 1}</span> {names[step]}
            </li>
          ))}
        </ol>
        <Failure error={create.error} known={["displayLabel", "description"]} />
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (state.step === "confirm") create.mutate();
            else next();
          }}
        >
          <Title order={2} mb="md">
            {names[state.step]}
          </Title>
          {state.step === "features" && <Features state={state} set={set} problem={problem.features} />}
          {state.step === "general" && (
            <GeneralInfo
              value={general}
              portal={state.sso}
              set={(patch) => set({ general: { ...general, ...patch } })}
              error={(name) => problem[name] ?? fieldError(create.error, name)}
            />
          )}
          {state.step === "confirm" && <Summary state={state} />}
          <div className="wizard__foot">
            <Button variant="subtle" color="gray" onClick={cancel}>
              Cancel
            </Button>
            <Button variant="default" onClick={previous}>
              Back
            </Button>
            {state.step === "general" && (
              <Button variant="default" loading={create.isPending} onClick={() => named() && create.mutate()}>
                Save Application
              </Button>
            )}
            {state.step === "confirm" ? (
              <Button type="submit" loading={create.isPending}>
                Configure Application
              </Button>
            ) : (
              <Button type="submit">Next</Button>
            )}
          </div>
        </form>
      </div>
    </Page>
  );
}

interface FeaturesProps {
  state: WizardState;
  set: (patch: Partial<WizardState>) => void;
  problem: string | undefined;
}

interface FeatureProps {
  label: string;
  description: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** What is asked when it is chosen. */
  children?: ReactNode;
}

function Feature({ label, description, checked, onChange, children }: FeatureProps) {
  return (
    <div className="feature" data-on={checked || undefined}>
      <Checkbox
        label={label}
        description={description}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {children}
    </div>
  );
}

function Features({ state, set, problem }: FeaturesProps) {
  return (
    <>
      {problem && <Note tone="bad">{problem}</Note>}
      <Feature
        label="Manage Single Sign-On (SSO)"
        description="People sign in to the application with their Muster account."
        checked={state.sso}
        onChange={(sso) => set({ sso, protocol: null })}
      >
        {state.sso && (
          <Radio.Group
            className="feature__more"
            aria-label="Single sign-on protocol"
            value={state.protocol}
            onChange={(protocol) => set({ protocol: protocol === "saml" ? "saml" : "oidc" })}
          >
            <Stack gap={10}>
              <Radio
                value="oidc"
                label="Configure SSO with OIDC"
                description="OpenID Connect, by a client ID and secret."
              />
              <Radio
                value="saml"
                label="Configure SSO with SAML"
                description="SAML 2.0, by metadata and a certificate."
              />
            </Stack>
          </Radio.Group>
        )}
      </Feature>
      <Feature
        label="Export users to this app (Identity Management)"
        description="Accounts are made in the application, kept up to date and closed, by SCIM."
        checked={state.exporting}
        onChange={(exporting) => set({ exporting })}
      />
      <Feature
        label="Import users from this app"
        description="People who have an account in the application become users here."
        checked={state.importing}
        onChange={(importing) => set({ importing })}
      />
    </>
  );
}

function Summary({ state }: { state: WizardState }) {
  const { general } = state;
  return (
    <dl className="facts">
      <dt>Display Label</dt>
      <dd style={{ display: "flex", alignItems: "center", gap: 10 }}>
        <Logo url={general.logo} name={general.displayLabel} size={28} /> {general.displayLabel}
      </dd>
      <dt>Description</dt>
      <dd>{general.description || "None"}</dd>
      <dt>Features</dt>
      {featureWords(state).map((words) => (
        <dd key={words} style={{ gridColumn: 2 }}>
          {words}
        </dd>
      ))}
      {state.sso && (
        <>
          <dt>User Portal</dt>
          <dd>{general.hidden ? "Not shown" : "Shown"}</dd>
        </>
      )}
    </dl>
  );
}

interface SavedProps {
  application: Application;
  sso: boolean;
  back: WizardProps["back"];
  onConfigure: () => void;
}

function Saved({ application, sso, back, onConfigure }: SavedProps) {
  return (
    <Page title={application.displayLabel} back={back}>
      <div className="wizard">
        <Note tone="ok">
          {sso
            ? "The application is saved. Nobody can sign in to it yet: configure it, then activate it."
            : "The application is saved. No account is sent to it yet: configure it, then activate it."}
        </Note>
        <Button onClick={onConfigure}>Configure Application</Button>
      </div>
    </Page>
  );
}
