import { Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { allGroupsQuery } from "../../api/groups.ts";
import { createPolicy, identityProvidersQuery, policiesQuery, updatePolicy } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { RoutingPolicy, RoutingPolicyWrite } from "../../api/types.ts";
import { TextInput } from "../../ui/controls.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { Select, Switch, Textarea } from "../../ui/fields/frequent.tsx";
import { MultiSelect } from "../../ui/fields/MultiSelect.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { NotFound } from "../../ui/PageFailed.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { AssignedUsers } from "./AssignedUsers.tsx";

const newRoute = getRouteApi("/console/$slug/identity-providers/$providerId/policies/new");
const route = getRouteApi("/console/$slug/identity-providers/$providerId/policies/$policyId");

export function PolicyCreate() {
  const { providerId } = newRoute.useParams();
  return <PolicyForm providerId={providerId} />;
}

export function PolicyDetails() {
  const { api } = useOrg();
  const { providerId, policyId } = route.useParams();
  const policies = useQuery(policiesQuery(api));
  const policy = policies.data?.find((one) => one.id === policyId);
  if (policy) return <PolicyForm key={policyId} providerId={providerId} policy={policy} />;
  if (policies.data) return <NotFound />;
  return (
    <Page title="">{policies.error ? <Failure error={policies.error} /> : <Skeleton height={380} mt={24} />}</Page>
  );
}

function draftOf(policy: RoutingPolicy | undefined, providerId: string): RoutingPolicyWrite {
  return {
    name: policy?.name ?? "",
    description: policy?.description ?? "",
    enabled: policy?.enabled ?? true,
    identityProviderId: policy?.identityProviderId ?? providerId,
    userGroups: policy?.userGroups ?? [],
    users: policy?.users ?? [],
  };
}

const known = ["name", "description", "identityProviderId", "userGroups", "users"];

function PolicyForm({ providerId, policy }: { providerId: string; policy?: RoutingPolicy }) {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const groups = useQuery(allGroupsQuery(api));
  const providers = useQuery(identityProvidersQuery(api));
  const draft = useDraft(draftOf(policy, providerId));
  const guard = useLeaveGuard(draft.dirty);
  const [problem, setProblem] = useState<{ name?: string; userGroups?: string }>({});
  const leave = (to: string) =>
    void navigate({
      to: "/console/$slug/identity-providers/$providerId",
      params: { slug: org.slug, providerId: to },
    });
  const save = useMutation({
    mutationFn: () => {
      const body = { ...draft.value, name: draft.value.name.trim(), description: draft.value.description.trim() };
      return policy ? updatePolicy(api, policy.id, { ...body, order: policy.order }) : createPolicy(api, body);
    },
    onSuccess: () => {
      guard.allow();
      for (const kind of ["routing-policies", "identity-providers", "identity-provider", "user", "users"]) {
        void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      }
      done(policy ? "Routing policy saved" : "Routing policy created");
      leave(draft.value.identityProviderId);
    },
    onError: focusFirstError,
  });
  const submit = () => {
    const found: typeof problem = {};
    if (draft.value.name.trim() === "") found.name = "Enter a policy name.";
    if (draft.value.userGroups.length + draft.value.users.length === 0) {
      found.userGroups = "Choose at least one user group or user, else the policy routes nobody.";
    }
    setProblem(found);
    if (Object.keys(found).length > 0) focusFirstError();
    else save.mutate();
  };
  const provider = providers.data?.find((one) => one.id === providerId);
  return (
    <Page
      title={policy ? policy.name : "New routing policy"}
      back={{
        label: provider?.name ?? "Identity provider",
        to: "/console/$slug/identity-providers/$providerId",
        params: { slug: org.slug, providerId },
      }}
    >
      <Failure error={save.error} known={known} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Section title="General Info">
          <div className="fields">
            <TextInput
              className="m-required span2"
              label="Policy Name"
              value={draft.value.name}
              maxLength={255}
              autoComplete="off"
              error={problem.name ?? fieldError(save.error, "name")}
              onChange={(event) => draft.set({ name: event.currentTarget.value })}
            />
            <Textarea
              className="span2"
              label="Description"
              value={draft.value.description}
              maxLength={1024}
              error={fieldError(save.error, "description")}
              onChange={(event) => draft.set({ description: event.currentTarget.value })}
            />
            <Switch
              label="Enabled"
              description="A policy that is switched off routes nobody."
              checked={draft.value.enabled}
              onChange={(event) => draft.set({ enabled: event.currentTarget.checked })}
            />
          </div>
        </Section>
        <Section title="Assignment" help="Whom the policy sends to the provider.">
          <MultiSelect
            label="User Groups"
            placeholder={draft.value.userGroups.length === 0 ? "Choose user groups" : undefined}
            searchable
            data={groups.data?.map((group) => ({ value: group.id, label: group.name })) ?? []}
            value={draft.value.userGroups}
            error={problem.userGroups ?? fieldError(save.error, "userGroups")}
            nothingFoundMessage="No such user group"
            hidePickedOptions
            onChange={(userGroups) => draft.set({ userGroups })}
          />
          <AssignedUsers
            users={draft.value.users}
            error={fieldError(save.error, "users")}
            onChange={(users) => draft.set({ users })}
          />
        </Section>
        <Section title="Identity Provider Routing" help="Where they sign in.">
          <Select
            label="User Authentication With"
            data={providers.data?.map((one) => ({ value: one.id, label: one.name })) ?? []}
            value={draft.value.identityProviderId}
            error={fieldError(save.error, "identityProviderId")}
            onChange={(identityProviderId) => identityProviderId && draft.set({ identityProviderId })}
          />
        </Section>
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
      <SaveBar
        always={!policy}
        changes={draft.changes.length}
        text={policy ? undefined : "The new routing policy is not saved yet"}
        label={policy ? "Save" : "Create"}
        saving={save.isPending}
        onSave={submit}
        onCancel={() => (policy ? draft.reset() : leave(providerId))}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}
