import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { applicationLogoPath, applicationName, saveLogo, updateApplication } from "../../../api/applications.ts";
import { useOrg } from "../../../api/org.tsx";
import type { Application } from "../../../api/types.ts";
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
import { type General, GeneralInfo } from "../GeneralInfo.tsx";
import { useGroupChanges, useRefreshApplications } from "../save.ts";
import { IdentityBar } from "./IdentityBar.tsx";
import { useIdentityTab } from "./useIdentityTab.tsx";

const route = getRouteApi("/console/$slug/sso-applications/$applicationId");

interface ScimDraft extends General {
  userGroups: string[];
}

interface ScimDetailsProps {
  application: Application;
  userGroups: string[];
}

/** An application that nobody signs in to: it only gets accounts, or gives them. */
export function ScimDetails({ application, userGroups }: ScimDetailsProps) {
  const { org } = useOrg();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const draft = useDraft<ScimDraft>({
    displayLabel: applicationName(application),
    description: application.description,
    hidden: true,
    logo: application.logo?.url ?? null,
    userGroups,
  });
  const identity = useIdentityTab(application);
  const { provisioning } = identity;
  const guard = useLeaveGuard(draft.dirty || provisioning.draft.dirty);
  const [tried, setTried] = useState(false);
  const save = useSaveScim(application, userGroups, draft);
  const problem = draft.value.displayLabel.trim() === "" ? "Enter a display label." : undefined;
  const back = { to: "/console/$slug/sso-applications" as const, params: { slug: org.slug } };
  const go = (to: string) =>
    void navigate({
      to: "/console/$slug/sso-applications/$applicationId",
      params: { slug: org.slug, applicationId: application._id },
      search: { tab: to === "general" ? undefined : to },
      replace: true,
    });
  const submit = () => {
    setTried(true);
    if (problem) {
      go("general");
      focusFirstError();
    } else save.mutate(undefined, { onSuccess: () => setTried(false) });
  };
  const cancel = () => {
    if (!draft.dirty && !provisioning.draft.dirty) return void navigate(back);
    draft.reset();
    provisioning.reset();
    save.reset();
    setTried(false);
  };
  return (
    <Page
      title={applicationName(application)}
      back={{ label: "SSO Applications", ...back }}
      state={
        provisioning.saved?.active ? <Status tone="ok">Active</Status> : <Status tone="waiting">Not activated</Status>
      }
      under={
        <>
          Custom application · accounts only <CopyId id={application._id} />
        </>
      }
      actions={<ApplicationMenu application={application} groups={userGroups} onDeleted={() => guard.allow()} />}
    >
      <Failure error={save.error} known={["displayLabel", "description", "logo"]} />
      <PageTabs
        label="Parts of this application"
        value={tab}
        onChange={go}
        tabs={[
          {
            value: "general",
            label: "General Info",
            mark: draft.changes.some((key) => key !== "userGroups"),
            content: () => (
              <Section title="General Info" help="How administrators know the application.">
                <GeneralInfo
                  value={draft.value}
                  set={draft.set}
                  portal={false}
                  error={(name) =>
                    (tried && name === "displayLabel" ? problem : undefined) ?? fieldError(save.error, name)
                  }
                />
              </Section>
            ),
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
                nobody="Nobody gets an account in this application until a user group is bound to it."
                onChange={(next) => draft.set({ userGroups: next })}
              />
            ),
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
          changes={draft.changes.length}
          label="save"
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

function useSaveScim(application: Application, userGroups: string[], draft: Draft<ScimDraft>) {
  const { api } = useOrg();
  const { agreed, bind } = useGroupChanges(application, userGroups, draft.value);
  const refresh = useRefreshApplications();
  const id = application._id;
  return useMutation({
    mutationFn: async (): Promise<boolean> => {
      if (!(await agreed())) return false;
      const { displayLabel, description, logo } = draft.value;
      if (draft.changes.includes("logo")) await saveLogo(api, applicationLogoPath(id), logo);
      await bind();
      if (draft.changes.includes("displayLabel") || draft.changes.includes("description")) {
        const { name, displayName, active } = application;
        await updateApplication(api, id, {
          name,
          displayName,
          displayLabel: displayLabel.trim(),
          description: description.trim(),
          active,
        });
      }
      return true;
    },
    onSuccess: async (saved) => {
      if (!saved) return;
      await refresh();
      draft.reset();
      done(`Application ${draft.value.displayLabel} saved.`);
    },
    onError: () => void refresh(),
  });
}
