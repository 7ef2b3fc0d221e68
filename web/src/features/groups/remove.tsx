import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteGroup, groupApplicationsQuery } from "../../api/groups.ts";
import { policiesQuery } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { UserGroup } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { done, failed } from "../../ui/notify.ts";

function count(number: number, one: string, many: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${many}`;
}

/** Deletes a group, after saying what hangs on it. */
export function useDeleteGroup(group: UserGroup | undefined, before: () => void): () => void {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const run = async () => {
    if (!group) return;
    const applications = await client.fetchQuery(groupApplicationsQuery(api, group.id)).catch(() => []);
    const policies = (await client.fetchQuery(policiesQuery(api)).catch(() => [])).filter((one) =>
      one.userGroups.includes(group.id),
    );
    const body = (
      <>
        <p style={{ marginTop: 0 }}>
          The group is deleted for good. The people in it are not, but{" "}
          {count(group.memberCount ?? 0, "person loses", "people lose")} what it gives them.
        </p>
        {(applications.length > 0 || policies.length > 0) && (
          <ul>
            {applications.length > 0 && <li>{count(applications.length, "application", "applications")} through it</li>}
            {policies.length > 0 && (
              <li>their place in {count(policies.length, "routing policy", "routing policies")}</li>
            )}
          </ul>
        )}
      </>
    );
    if (!(await confirm({ title: `Delete ${group.name}?`, body, confirm: "Delete group", danger: true }))) return;
    try {
      await deleteGroup(api, group.id);
      before();
      void client.invalidateQueries({ queryKey: [api.orgId] });
      done(`User group ${group.name} is deleted.`);
      void navigate({ to: "/console/$slug/user-groups", params: { slug: org.slug } });
    } catch (error) {
      failed(error);
    }
  };
  return () => void run();
}
