import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { applicationName, applicationQuery, kindOf, samlQuery, ssoQuery } from "../../api/applications.ts";
import { ApiError } from "../../api/client.ts";
import { applicationGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Application, ApplicationSso } from "../../api/types.ts";
import { CopyId } from "../../ui/Copy.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { Status } from "../../ui/Status.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { ApplicationActivity } from "../users/Activity.tsx";
import { ApplicationGroups } from "./ApplicationGroups.tsx";
import { ApplicationMenu } from "./ApplicationMenu.tsx";
import { type ApplicationDraft, draftOf, keysOf, problemsOf, serverName, tabOfProblem } from "./form.ts";
import { GeneralInfo } from "./GeneralInfo.tsx";
import { IdentityBar } from "./identity/IdentityBar.tsx";
import { ScimDetails } from "./identity/ScimDetails.tsx";
import { useIdentityTab } from "./identity/useIdentityTab.tsx";
import { SavedDialog } from "./SavedDialog.tsx";
import { SsoTab } from "./SsoTab.tsx";
import { SamlDetails } from "./saml/SamlDetails.tsx";
import { useSaveApplication } from "./save.ts";
import "./applications.css";
import { LoadingPage } from "../../ui/LoadingPage.tsx";

const route = getRouteApi("/console/$slug/sso-applications/$applicationId");

export function ApplicationDetails() {
  const { api, org } = useOrg();
  const { applicationId } = route.useParams();
  const application = useQuery(applicationQuery(api, applicationId));
  const kind = application.data && kindOf(application.data);
  const sso = useQuery({ ...ssoQuery(api, applicationId), enabled: kind === "oidc" });
  const saml = useQuery({ ...samlQuery(api, applicationId), enabled: kind === "saml" });
  const groups = useQuery(applicationGroupsQuery(api, applicationId));
  if (application.data && kind === "scim" && groups.data) {
    return <ScimDetails key={applicationId} application={application.data} userGroups={groups.data} />;
  }
  const error = application.error ?? sso.error ?? saml.error ?? groups.error;
  if (application.data && saml.data && groups.data) {
    return <SamlDetails key={applicationId} application={application.data} saml={saml.data} userGroups={groups.data} />;
  }
  if (application.data && sso.data !== undefined && groups.data) {
    return <Loaded key={applicationId} application={application.data} sso={sso.data} userGroups={groups.data} />;
  }
  const back = {
    label: "SSO Applications",
    to: "/console/$slug/sso-applications" as const,
    params: { slug: org.slug },
  };
  return <LoadingPage back={back} error={error} retry={() => void application.refetch()} />;
}

interface LoadedProps {
  application: Application;
  sso: ApplicationSso | null;
  userGroups: string[];
}

function Loaded({ application, sso, userGroups }: LoadedProps) {
  const { org } = useOrg();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const draft = useDraft(draftOf(application, sso, userGroups));
  const identity = useIdentityTab(application);
  const { provisioning } = identity;
  const guard = useLeaveGuard(draft.dirty || provisioning.draft.dirty);
  const [tried, setTried] = useState(false);
  const { save, shown, hide } = useSaveApplication({ application, sso, userGroups, draft });
  const problems = problemsOf(draft.value);
  const params = { slug: org.slug, applicationId: application._id };
  const go = (to: string) =>
    void navigate({
      to: "/console/$slug/sso-applications/$applicationId",
      params,
      search: { tab: to === "general" ? undefined : to },
      replace: true,
    });
  const errorOf = (name: keyof ApplicationDraft) =>
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
    if (!draft.dirty && !provisioning.draft.dirty)
      return void navigate({ to: "/console/$slug/sso-applications", params: { slug: org.slug } });
    draft.reset();
    provisioning.reset();
    save.reset();
    setTried(false);
  };
  const edited = (keys: (keyof ApplicationDraft)[]) => draft.changes.some((key) => keys.includes(key));
  const general: (keyof ApplicationDraft)[] = ["displayLabel", "description", "hidden", "logo"];
  return (
    <Page
      title={applicationName(application)}
      back={{ label: "SSO Applications", to: "/console/$slug/sso-applications", params: { slug: org.slug } }}
      state={application.active ? <Status tone="ok">Active</Status> : <Status tone="waiting">Not activated</Status>}
      under={
        <>
          Custom application · OIDC <CopyId id={application._id} />
        </>
      }
      actions={<ApplicationMenu application={application} groups={userGroups} onDeleted={() => guard.allow()} />}
    >
      <Failure
        error={save.error}
        known={["displayLabel", "description", "logo", ...keysOf(draft.value).map(serverName)]}
      />
      <PageTabs
        label="Parts of this application"
        value={tab}
        onChange={go}
        tabs={[
          {
            value: "general",
            label: "General Info",
            mark: edited(general),
            content: () => (
              <Section title="General Info" help="What people see of the application.">
                <GeneralInfo
                  value={draft.value}
                  set={draft.set}
                  error={(name) => errorOf(name as keyof ApplicationDraft)}
                />
              </Section>
            ),
          },
          {
            value: "sso",
            label: "SSO",
            mark: draft.changes.some((key) => !general.includes(key) && key !== "userGroups"),
            content: () => (
              <SsoTab application={application} sso={sso} draft={draft.value} set={draft.set} error={errorOf} />
            ),
          },
          identity.tab,
          {
            value: "groups",
            label: "User Groups",
            mark: edited(["userGroups"]),
            content: () => (
              <ApplicationGroups
                saved={userGroups}
                bound={draft.value.userGroups}
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
      <SavedDialog
        title="Application Saved"
        opened={shown !== null}
        clientId={shown?.clientId}
        clientSecret={shown?.clientSecret}
        onClose={hide}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}
