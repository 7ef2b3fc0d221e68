import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import type { User } from "../../api/types.ts";
import { updateUser, userQuery } from "../../api/users.ts";
import { CopyId } from "../../ui/Copy.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { type Back, LoadingPage } from "../../ui/LoadingPage.tsx";
import { useLeft } from "../../ui/leave.ts";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { UserDevices } from "../devices/UserDevices.tsx";
import { UserActivity } from "./Activity.tsx";
import { EndedSessions } from "./EndedSessions.tsx";
import { draftOf, knownFields, problemsOf, writeOf } from "./form.ts";
import { ScheduledNotes } from "./ScheduledNotes.tsx";
import { UserSessions } from "./Sessions.tsx";
import { SshKeys } from "./SshKeys.tsx";
import { PasswordStatusBadge, StateBadge, userName } from "./status.tsx";
import { UserApplications } from "./UserApplications.tsx";
import { UserForm } from "./UserForm.tsx";
import { UserGroupsTab } from "./UserGroupsTab.tsx";
import { UserMenu } from "./UserMenu.tsx";

const route = getRouteApi("/console/$slug/users/$userId");

export function UserDetails() {
  const { api, org } = useOrg();
  const { userId } = route.useParams();
  const user = useQuery(userQuery(api, userId));
  const back = { label: "Users", to: "/console/$slug/users" as const, params: { slug: org.slug } };
  if (user.data) return <Loaded key={userId} user={user.data} back={back} />;
  return <LoadingPage back={back} error={user.error} retry={() => void user.refetch()} />;
}

function Loaded({ user, back }: { user: User; back: Back }) {
  const { api, org } = useOrg();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const draft = useDraft(draftOf(user));
  const guard = useLeaveGuard(draft.dirty);
  const [tried, setTried] = useState(false);
  const left = useLeft();
  const problems = problemsOf(draft.value);
  const save = useMutation({
    mutationFn: () => updateUser(api, user._id, writeOf(draft.value, draft.changes, user)),
    onSuccess: (saved) => {
      client.setQueryData([api.orgId, "user", user._id], saved);
      for (const kind of ["users", "group", "groups", "applications"]) {
        void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      }
      void client.invalidateQueries({ queryKey: [api.orgId, "user", user._id] });
      draft.reset();
      setTried(false);
      done(`User ${saved.username} saved.`);
    },
    onError: focusFirstError,
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length > 0) focusFirstError();
    else save.mutate();
  };
  const cancel = () => {
    draft.reset();
    save.reset();
    setTried(false);
    left.forget();
  };
  const go = (to: string) =>
    void navigate({
      to: "/console/$slug/users/$userId",
      params: { slug: org.slug, userId: user._id },
      search: { tab: to === "details" ? undefined : to },
      replace: true,
    });
  const errorOf = (name: string) =>
    (tried || left.has(name) ? problems[name] : undefined) ?? fieldError(save.error, name);
  const details = () => (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <UserForm draft={draft.value} set={draft.set} error={errorOf} onLeave={left.leave} user={user} />
      <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
    </form>
  );
  return (
    <Page
      title={userName(user)}
      back={back}
      state={
        <>
          <StateBadge state={user.state} />
          <PasswordStatusBadge status={user.passwordStatus} />
        </>
      }
      under={
        <>
          {user.email} <CopyId id={user._id} />
        </>
      }
      actions={
        <UserMenu
          user={user}
          labelled
          onDeleted={() => {
            guard.allow();
            void navigate({ to: "/console/$slug/users", params: { slug: org.slug } });
          }}
        />
      }
    >
      <ScheduledNotes user={user} />
      {user.warnings?.map((warning) => (
        <Note key={warning} tone="warn">
          {warning}
        </Note>
      ))}
      <Failure error={save.error} known={knownFields} />
      <PageTabs
        label="Parts of this user"
        value={tab}
        onChange={go}
        tabs={[
          {
            value: "details",
            label: "Details",
            mark: draft.dirty,
            content: () => (
              <>
                {details()}
                <SshKeys user={user} />
              </>
            ),
          },
          { value: "groups", label: "User Groups", content: () => <UserGroupsTab user={user} /> },
          { value: "applications", label: "SSO Applications", content: () => <UserApplications user={user} /> },
          { value: "devices", label: "Devices", content: () => <UserDevices user={user} /> },
          { value: "activity", label: "Activity", content: () => <UserActivity user={user} /> },
          {
            value: "sessions",
            label: "Sessions",
            content: () => (
              <>
                <UserSessions user={user} />
                <EndedSessions user={user} />
              </>
            ),
          },
        ]}
      />
      <SaveBar
        changes={draft.changes.length}
        label="save user"
        saving={save.isPending}
        onSave={submit}
        onCancel={cancel}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}
