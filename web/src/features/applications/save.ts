import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  applicationLogoPath,
  createSso,
  saveLogo,
  ssoQuery,
  updateApplication,
  updateSso,
} from "../../api/applications.ts";
import { allGroupsQuery, bindGroup } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Application, ApplicationSso } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import type { Draft } from "../../ui/draft.ts";
import { done } from "../../ui/notify.ts";
import { difference } from "../../ui/PickList.tsx";
import { type ApplicationDraft, generalKeys, generalWrite, ssoChanged, ssoWrite } from "./form.ts";
import type { General } from "./GeneralInfo.tsx";

export interface Shown {
  clientId: string | undefined;
  clientSecret: string | undefined;
}

interface SaveApplication {
  application: Application;
  sso: ApplicationSso | null;
  userGroups: string[];
  draft: Draft<ApplicationDraft>;
}

/** Binds what was ticked, after asking when people lose the application. */
export function useGroupChanges(
  application: Application,
  userGroups: string[],
  draft: General & { userGroups: string[] },
) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const id = application._id;

  const agreed = async (): Promise<boolean> => {
    const { removed } = difference(new Set(userGroups), new Set(draft.userGroups));
    if (!application.active || removed.length === 0) return true;
    const groups = await client.fetchQuery(allGroupsQuery(api));
    const lost = groups.filter((group) => removed.includes(group.id));
    const people = lost.reduce((sum, group) => sum + (group.memberCount ?? 0), 0);
    return confirm({
      title:
        removed.length === 1
          ? "Take the application away from 1 group?"
          : `Take the application away from ${removed.length} groups?`,
      body: `${lost.map((group) => group.name).join(", ")}: ${people === 1 ? "1 person" : `${people} people`} ${loses(application)}, unless another group of theirs keeps it.`,
      confirm: "Save",
      danger: true,
    });
  };

  const bind = async () => {
    const { added, removed } = difference(new Set(userGroups), new Set(draft.userGroups));
    for (const group of added) await bindGroup(api, id, "add", group);
    for (const group of removed) await bindGroup(api, id, "remove", group);
  };
  return { agreed, bind };
}

/** What people lose with an application. */
function loses({ name, displayLabel }: Application): string {
  return name === "scim"
    ? `no longer have an account in ${displayLabel}: it is closed as Identity Management says`
    : `can no longer open ${displayLabel}`;
}

/** Everything that shows applications is asked for again. */
export function useRefreshApplications() {
  const { api } = useOrg();
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["application", "applications", "group", "user"].map((kind) =>
        client.invalidateQueries({ queryKey: [api.orgId, kind] }),
      ),
    );
}

/**
 * Saves every tab at once. What is shown first to the outside comes last: the groups, then the client (its secret is
 * answered only once), then "active". A failure part way leaves an application that can be saved again.
 */
export function useSaveApplication({ application, sso, userGroups, draft }: SaveApplication) {
  const { api } = useOrg();
  const client = useQueryClient();
  const { agreed, bind } = useGroupChanges(application, userGroups, draft.value);
  const refresh = useRefreshApplications();
  const [shown, setShown] = useState<Shown | null>(null);
  const id = application._id;

  const saveSso = async () => {
    const body = ssoWrite(draft.value, sso);
    if (sso) {
      if (ssoChanged(draft.changes)) await updateSso(api, id, body);
      return;
    }
    const made = await createSso(api, id, body);
    setShown({ clientId: made.oidc.clientId, clientSecret: made.oidc.clientSecret ?? undefined });
    const { clientSecret: _shownOnce, ...oidc } = made.oidc;
    client.setQueryData([...ssoQuery(api, id).queryKey], () => ({ ...made, oidc }));
  };

  const save = useMutation({
    mutationFn: async (): Promise<boolean> => {
      if (!(await agreed())) return false;
      const general = draft.changes.some((key) => generalKeys.includes(key));
      if (draft.changes.includes("logo")) await saveLogo(api, applicationLogoPath(id), draft.value.logo);
      await bind();
      await saveSso();
      if (general || !application.active)
        await updateApplication(api, id, generalWrite(draft.value, application, true));
      return true;
    },
    onSuccess: async (saved) => {
      if (!saved) return;
      await refresh();
      draft.reset();
      if (application.active) done(`Application ${draft.value.displayLabel} saved.`);
      else done(`Application ${draft.value.displayLabel} is active.`);
    },
    onError: () => void refresh(),
  });
  return { save, shown, hide: () => setShown(null) };
}
