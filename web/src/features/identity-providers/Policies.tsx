import { Skeleton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDots } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { allGroupsQuery } from "../../api/groups.ts";
import { deletePolicy, identityProvidersQuery, policiesQuery, updatePolicy } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { IdentityProvider, RoutingPolicy, UserGroup } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { ActionIcon, Button, Menu } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";

function assigned(policy: RoutingPolicy, groups: UserGroup[] | undefined): string {
  const names = policy.userGroups.map((id) => groups?.find((group) => group.id === id)?.name ?? "a user group");
  const users = policy.users ?? [];
  if (users.length > 0) names.push(users.length === 1 ? "1 user" : `${users.length} users`);
  return names.join(", ") || "Nobody";
}

function writeOf(policy: RoutingPolicy, patch: Partial<RoutingPolicy>) {
  const { id: _id, ...rest } = policy;
  return { ...rest, ...patch };
}

/** Who signs in at which provider. The first policy that fits a person decides, over all providers. */
export function Policies({ provider }: { provider: IdentityProvider }) {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const confirm = useConfirm();
  const policies = useQuery(policiesQuery(api));
  const groups = useQuery(allGroupsQuery(api));
  const providers = useQuery(identityProvidersQuery(api));
  const several = (providers.data?.length ?? 1) > 1;
  const refresh = () => {
    for (const kind of ["routing-policies", "identity-providers", "identity-provider", "user"]) {
      void client.invalidateQueries({ queryKey: [api.orgId, kind] });
    }
  };
  const change = useMutation({
    mutationFn: (edits: { policy: RoutingPolicy; patch: Partial<RoutingPolicy> }[]) =>
      edits.reduce<Promise<unknown>>(
        (before, { policy, patch }) => before.then(() => updatePolicy(api, policy.id, writeOf(policy, patch))),
        Promise.resolve(),
      ),
    onSettled: refresh,
    onError: failed,
  });
  const all = policies.data ?? [];
  const move = (at: number, by: number) => {
    const next = [...all];
    const [moved] = next.splice(at, 1);
    if (!moved) return;
    next.splice(at + by, 0, moved);
    change.mutate(
      next
        .map((policy, order) => ({ policy, patch: { order } }))
        .filter(({ policy, patch }) => policy.order !== patch.order),
    );
  };
  const members = (policy: RoutingPolicy) =>
    policy.userGroups.reduce((sum, id) => sum + (groups.data?.find((group) => group.id === id)?.memberCount ?? 0), 0) +
    (policy.users ?? []).length;
  const effect = (policy: RoutingPolicy) =>
    `Up to ${members(policy)} people are no longer sent to ${nameOf(policy)}: the next policy that fits decides, else they use a Muster password. Those whose password authority is federated cannot sign in without a policy.`;
  const nameOf = (policy: RoutingPolicy) =>
    providers.data?.find((one) => one.id === policy.identityProviderId)?.name ?? "the provider";
  const turn = async (policy: RoutingPolicy) => {
    const question = { title: `Disable ${policy.name}?`, body: effect(policy), confirm: "Disable", danger: true };
    if (policy.enabled && !(await confirm(question))) return;
    change.mutate([{ policy, patch: { enabled: !policy.enabled } }]);
  };
  const remove = async (policy: RoutingPolicy) => {
    const question = { title: `Delete ${policy.name}?`, body: effect(policy), confirm: "Delete policy", danger: true };
    if (!(await confirm(question))) return;
    try {
      await deletePolicy(api, policy.id);
      refresh();
      done(`Routing policy ${policy.name} deleted.`);
    } catch (error) {
      failed(error);
    }
  };
  const params = (policy: RoutingPolicy) => ({
    slug: org.slug,
    providerId: policy.identityProviderId,
    policyId: policy.id,
  });
  return (
    <Section
      wide
      title="Authentication"
      help="Routing policies say who signs in at an identity provider. The first that fits a person decides; without one, people use their Muster password."
    >
      <div style={{ marginBottom: 12 }}>
        <Button
          onClick={() =>
            void navigate({
              to: "/console/$slug/identity-providers/$providerId/policies/new",
              params: { slug: org.slug, providerId: provider.id },
            })
          }
        >
          + Routing Policy
        </Button>
      </div>
      <Failure error={policies.error} retry={() => void policies.refetch()} />
      {policies.isPending ? (
        <Skeleton height={92} />
      ) : (
        <DataTable<RoutingPolicy>
          label="Routing policies"
          rows={policies.data}
          id={(policy) => policy.id}
          empty="No routing policy yet, so nobody is sent to this provider."
          columns={[
            {
              key: "name",
              label: "Policy",
              kind: "lead",
              render: (policy) => (
                <Link
                  className="table__main"
                  to="/console/$slug/identity-providers/$providerId/policies/$policyId"
                  params={params(policy)}
                >
                  {policy.name}
                  {policy.description && <span className="table__sub cut">{policy.description}</span>}
                </Link>
              ),
            },
            { key: "who", label: "Assigned to", render: (policy) => assigned(policy, groups.data) },
            ...(several ? [{ key: "where", label: "User Authentication With", render: nameOf }] : []),
            {
              key: "enabled",
              label: "State",
              kind: "tight" as const,
              render: (policy: RoutingPolicy) =>
                policy.enabled ? <Status tone="ok">Enabled</Status> : <Status tone="muted">Disabled</Status>,
            },
            {
              key: "actions",
              label: "Actions",
              kind: "tail" as const,
              render: (policy: RoutingPolicy) => {
                const at = all.indexOf(policy);
                return (
                  <span style={{ display: "inline-flex", gap: 2 }}>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Move ${policy.name} up`}
                      disabled={at === 0 || change.isPending}
                      onClick={() => move(at, -1)}
                    >
                      <IconArrowUp size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Move ${policy.name} down`}
                      disabled={at === all.length - 1 || change.isPending}
                      onClick={() => move(at, 1)}
                    >
                      <IconArrowDown size={16} aria-hidden />
                    </ActionIcon>
                    <Menu>
                      <Menu.Target>
                        <ActionIcon reads variant="subtle" color="gray" aria-label={`Actions for ${policy.name}`}>
                          <IconDots size={16} aria-hidden />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item
                          reads
                          onClick={() =>
                            void navigate({
                              to: "/console/$slug/identity-providers/$providerId/policies/$policyId",
                              params: params(policy),
                            })
                          }
                        >
                          Edit
                        </Menu.Item>
                        <Menu.Item onClick={() => void turn(policy)}>{policy.enabled ? "Disable" : "Enable"}</Menu.Item>
                        <Menu.Item color="var(--m-bad)" onClick={() => void remove(policy)}>
                          Delete
                        </Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  </span>
                );
              },
            },
          ]}
        />
      )}
    </Section>
  );
}
