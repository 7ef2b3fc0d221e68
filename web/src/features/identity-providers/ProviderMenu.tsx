import { IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteIdentityProvider, policiesQuery, updateIdentityProvider } from "../../api/identityProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { IdentityProvider } from "../../api/types.ts";
import { ActionsMenu } from "../../ui/ActionsMenu.tsx";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Menu } from "../../ui/controls.tsx";
import { done, failed } from "../../ui/notify.ts";
import { people } from "./check.tsx";
import { draftOf, writeOf } from "./form.ts";

/** Switching a provider off, or deleting it, after saying who is affected. */
export function ProviderMenu({ provider, onDeleted }: { provider: IdentityProvider; onDeleted: () => void }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const routed = people(provider.routedUsers ?? 0);
  const effect =
    "They are asked for a Muster password instead; those whose password authority is federated cannot sign in at all.";
  const turn = async (enabled: boolean) => {
    const body = `It routes ${routed} now. ${effect}`;
    const title = `Disable ${provider.name}?`;
    if (!enabled && !(await confirm({ title, body, confirm: "Disable", danger: true }))) return;
    try {
      await updateIdentityProvider(api, provider.id, writeOf(draftOf(provider), enabled));
      await client.invalidateQueries({ queryKey: [api.orgId] });
      done(enabled ? `${provider.name} is enabled.` : `${provider.name} is disabled.`);
    } catch (error) {
      failed(error);
    }
  };
  const remove = async () => {
    const policies = (await client.fetchQuery(policiesQuery(api)).catch(() => [])).filter(
      (one) => one.identityProviderId === provider.id,
    );
    const body = (
      <>
        <p style={{ marginTop: 0 }}>
          {routed} sign in here now. {effect}
        </p>
        {policies.length > 0 && (
          <p>Its routing policies go with it: {policies.map((policy) => policy.name).join(", ")}.</p>
        )}
        <p>The links between people and their accounts there are lost. This cannot be undone.</p>
      </>
    );
    const title = `Delete ${provider.name}?`;
    if (!(await confirm({ title, body, confirm: "Delete identity provider", danger: true }))) return;
    try {
      await deleteIdentityProvider(api, provider.id);
      onDeleted();
      client.removeQueries({ queryKey: [api.orgId, "identity-providers"] });
      done(`${provider.name} is deleted.`);
      await navigate({ to: "/console/$slug/identity-providers", params: { slug: org.slug } });
      void client.invalidateQueries({ queryKey: [api.orgId] });
    } catch (error) {
      failed(error);
    }
  };
  return (
    <ActionsMenu>
      {provider.enabled ? (
        <Menu.Item leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={() => void turn(false)}>
          Disable
        </Menu.Item>
      ) : (
        <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => void turn(true)}>
          Enable
        </Menu.Item>
      )}
      <Menu.Item color="var(--m-bad)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
        Delete
      </Menu.Item>
    </ActionsMenu>
  );
}
