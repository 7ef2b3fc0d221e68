import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  applicationLogoPath,
  applicationName,
  samlQuery,
  saveLogo,
  updateApplication,
  updateSaml,
} from "../../../api/applications.ts";
import { ApiError } from "../../../api/client.ts";
import { useOrg } from "../../../api/org.tsx";
import type { Application, ApplicationSaml } from "../../../api/types.ts";
import { CopyId } from "../../../ui/Copy.tsx";
import { type Draft, useDraft, useLeaveGuard } from "../../../ui/draft.ts";
import { focusFirstError } from "../../../ui/focus.ts";
import { Failure, fieldError } from "../../../ui/Note.tsx";
import { done } from "../../../ui/notify.ts";
import { Page, Section } from "../../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../../ui/SaveBar.tsx";
import { Status } from "../../../ui/Status.tsx";
import { PageTabs } from "../../../ui/TabsPage.tsx";
import { ApplicationActivity } from "../../users/Activity.tsx";
import { ApplicationGroups } from "../ApplicationGroups.tsx";
import { ApplicationMenu } from "../ApplicationMenu.tsx";
import { generalWrite } from "../form.ts";
import { GeneralInfo } from "../GeneralInfo.tsx";
import { IdentityBar } from "../identity/IdentityBar.tsx";
import { useIdentityTab } from "../identity/useIdentityTab.tsx";
import { useGroupChanges, useRefreshApplications } from "../save.ts";
import {
  draftOf,
  generalChanged,
  problemsOf,
  type SamlDraft,
  samlWrite,
  serverName,
  settingsChanged,
  tabOfProblem,
} from "./form.ts";
import { SamlTab } from "./SamlTab.tsx";
import { TestTab } from "./TestTab.tsx";

const route = getRouteApi("/console/$slug/sso-applications/$applicationId");

interface SamlDetailsProps {
  application: Application;
  saml: ApplicationSaml;
  userGroups: string[];
}

/** An application that signs in by SAML. */
export function SamlDetails({ application, saml, userGroups }: SamlDetailsProps) {
  const { org } = useOrg();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const draft = useDraft(draftOf(application, saml, userGroups));
  const identity = useIdentityTab(application);
  const { provisioning } = identity;
  const guard = useLeaveGuard(draft.dirty || provisioning.draft.dirty);
  const [tried, setTried] = useState(false);
  const save = useSaveSaml(application, userGroups, draft);
  const problems = problemsOf(draft.value);
  const back = { to: "/console/$slug/sso-applications" as const, params: { slug: org.slug } };
  const go = (to: string) =>
    void navigate({
      to: "/console/$slug/sso-applications/$applicationId",
      params: { slug: org.slug, applicationId: application._id },
      search: { tab: to === "general" ? undefined : to },
      replace: true,
    });
  const errorOf = (name: keyof SamlDraft) =>
    (tried ? problems[name] : undefined) ?? fieldError(save.error, name) ?? fieldError(save.error, serverName(name));
  const showProblem = (fields: string[]) => {
    const at = tabOfProblem(fields);
    if (at && at !== (tab ?? "general")) go(at);
    focusFirstError();
  };
  const submit = () => {
    setTried(true);
    const found = Object.keys(problems);
    if (found.length > 0) return showProblem(found);
    if (provisioning.draft.dirty && !provisioning.valid()) return go("identity");
    save.mutate(undefined, {
      onSuccess: () => {
        setTried(false);
        if (provisioning.draft.dirty) provisioning.save();
      },
      onError: (error) => error instanceof ApiError && showProblem(error.fields.map((field) => field.field)),
    });
  };
  const cancel = () => {
    if (!draft.dirty && !provisioning.draft.dirty) return void navigate(back);
    draft.reset();
    provisioning.reset();
    save.reset();
    setTried(false);
  };
  const keys = Object.keys(draft.value) as (keyof SamlDraft)[];
  return (
    <Page
      title={applicationName(application)}
      back={{ label: "SSO Applications", ...back }}
      state={application.active ? <Status tone="ok">Active</Status> : <Status tone="waiting">Not activated</Status>}
      under={
        <>
          Custom application · SAML <CopyId id={application._id} />
        </>
      }
      actions={<ApplicationMenu application={application} groups={userGroups} onDeleted={() => guard.allow()} />}
    >
      <Failure error={save.error} known={["displayLabel", "description", "logo", ...keys.map(serverName)]} />
      <PageTabs
        label="Parts of this application"
        value={tab}
        onChange={go}
        tabs={[
          {
            value: "general",
            label: "General Info",
            mark: generalChanged(draft.changes) || draft.changes.includes("logo"),
            content: () => (
              <Section title="General Info" help="What people see of the application.">
                <GeneralInfo value={draft.value} set={draft.set} error={(name) => errorOf(name as keyof SamlDraft)} />
              </Section>
            ),
          },
          {
            value: "sso",
            label: "SSO",
            mark: settingsChanged(draft.changes),
            content: () => <SamlTab application={application} saml={saml} draft={draft} error={errorOf} />,
          },
          identity.tab,
          {
            value: "groups",
            label: "User Groups",
            mark: draft.changes.includes("userGroups"),
            content: () => (
              <ApplicationGroups
                saved={userGroups}
                bound={draft.value.userGroups}
                onChange={(next) => draft.set({ userGroups: next })}
              />
            ),
          },
          {
            value: "test",
            label: "Test",
            content: () => <TestTab id={application._id} unsaved={draft.dirty} />,
          },
          {
            value: "activity",
            label: "Activity",
            content: () => <ApplicationActivity id={application._id} />,
          },
        ]}
      />
      {tab === "identity" ? (
        <IdentityBar provisioning={provisioning} onCancel={cancel} />
      ) : (
        <SaveBar
          always={!application.active}
          changes={draft.changes.length + provisioning.draft.changes.length}
          text={application.active ? undefined : "Nobody can sign in until the application is activated"}
          label={application.active ? "save" : "activate"}
          saving={save.isPending}
          onSave={submit}
          onCancel={cancel}
        />
      )}
      {identity.dialog}
      <LeaveDialog guard={guard} />
    </Page>
  );
}

/** Saves every tab at once; "active" comes last, so that a failure part way shows nothing to the outside. */
function useSaveSaml(application: Application, userGroups: string[], draft: Draft<SamlDraft>) {
  const { api } = useOrg();
  const client = useQueryClient();
  const { agreed, bind } = useGroupChanges(application, userGroups, draft.value);
  const refresh = useRefreshApplications();
  const id = application._id;
  return useMutation({
    mutationFn: async (): Promise<boolean> => {
      if (!(await agreed())) return false;
      if (draft.changes.includes("logo")) await saveLogo(api, applicationLogoPath(id), draft.value.logo);
      await bind();
      if (settingsChanged(draft.changes) || !application.active) {
        const saved = await updateSaml(api, id, samlWrite(draft.value));
        client.setQueryData([...samlQuery(api, id).queryKey], () => saved);
      }
      if (generalChanged(draft.changes) || !application.active)
        await updateApplication(api, id, generalWrite(draft.value, application, true));
      return true;
    },
    onSuccess: async (saved) => {
      if (!saved) return;
      await refresh();
      draft.reset();
      const { displayLabel } = draft.value;
      done(application.active ? `Application ${displayLabel} saved.` : `Application ${displayLabel} is active.`);
    },
    onError: () => void refresh(),
  });
}
