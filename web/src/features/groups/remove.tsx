import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteGroup, type GroupKind, groupApplicationsQuery } from "../../api/groups.ts";
import { policiesQuery } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { UserGroup } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { done, failed } from "../../ui/notify.ts";
import { kinds } from "./kinds.ts";

function count(number: number, one: string, many: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${many}`;
}

/** Deletes a group, after saying what hangs on it. */
export function useDeleteGroup(kind: GroupKind, group: UserGroup | undefined, before: () => void): () => void {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const run = async () => {
    if (!group) return;
    const applications =
      kind === "user" ? await client.fetchQuery(groupApplicationsQuery(api, group.id)).catch(() => []) : [];
    const policies = (await client.fetchQuery(policiesQuery(api)).catch(() => [])).filter((one) =>
      one.userGroups.includes(group.id),
    );
    const body = (
      <>
        <p style={{ marginTop: 0 }}>
          The group is deleted for good. The {kinds[kind].members.toLowerCase()} in it are not, but{" "}
          {kind === "user"
            ? count(group.memberCount ?? 0, "person loses", "people lose")
            : count(group.memberCount ?? 0, "device loses", "devices lose")}{" "}
          what it gives them. Rules that speak of it hold their members as they are.
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
      await deleteGroup(api, group.id, kind);
      before();
      void client.invalidateQueries({ queryKey: [api.orgId] });
      done(`${kind === "user" ? "User" : "Device"} group ${group.name} is deleted.`);
      void navigate({ to: kinds[kind].list, params: { slug: org.slug } });
    } catch (error) {
      failed(error);
    }
  };
  return () => void run();
}
