import { Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { createApiKey, deleteApiKey } from "../../api/settings.ts";
import type { ApiKey as NewKey } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";
import { Note } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";

/** The administrator's own key for the API, shown once. */
export function ApiKey() {
  const { api, session, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [key, setKey] = useState<NewKey | null>(null);
  const has = session.admin.apiKeySet || key !== null;
  const several = session.organizations.length > 1;
  const base = session.publicUrl.replace(/\/$/, "");
  const refresh = () => void client.invalidateQueries({ queryKey: ["session"] });
  const create = useMutation({
    mutationFn: () => createApiKey(api),
    onSuccess: (made) => {
      setKey(made);
      refresh();
    },
    onError: failed,
  });
  const generate = async () => {
    const yes =
      !has ||
      (await confirm({
        title: "Generate a new API key?",
        body: "The key that you have now stops working at once. Scripts that use it need the new one.",
        confirm: "Generate New API Key",
        danger: true,
      }));
    if (yes) create.mutate();
  };
  const revoke = async () => {
    const yes = await confirm({
      title: "Revoke your API key?",
      body: "Scripts that use it stop working at once.",
      confirm: "Revoke",
      danger: true,
    });
    if (!yes) return;
    try {
      await deleteApiKey(api);
      setKey(null);
      refresh();
      done("Your API key is revoked.");
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <Section title="My API Key" help="It acts as you: whoever has it can do what you can. Keep it like a password.">
        {key && (
          <>
            <Note tone="warn">Copy the key now. It is not shown again.</Note>
            <LabelledCopy label="API Key" value={key.apiKey} />
          </>
        )}
        {!key && (
          <p style={{ marginTop: 0 }}>
            {has ? <Status tone="ok">You have an API key</Status> : <Status tone="muted">You have no API key</Status>}
          </p>
        )}
        <Group gap={8}>
          <Button variant={has ? "default" : "filled"} loading={create.isPending} onClick={() => void generate()}>
            Generate New API Key
          </Button>
          {has && (
            <Button variant="subtle" color="gray" onClick={() => void revoke()}>
              Revoke
            </Button>
          )}
        </Group>
      </Section>
      <Section
        title="Using it"
        help={
          several
            ? "Your key works for all organizations that you see."
            : "Scripts written for the JumpCloud API work with this address."
        }
      >
        <p style={{ marginTop: 0 }}>
          Send the key in the header <code className="m-mono">x-api-key</code>.{" "}
          {several ? (
            <>
              Because it is for several organizations, each request also needs the header{" "}
              <code className="m-mono">x-org-id</code> with the id of the organization that it means.
            </>
          ) : (
            <>
              A key for several organizations also needs <code className="m-mono">x-org-id</code>; yours does not.
            </>
          )}
        </p>
        <LabelledCopy label="API address" value={`${base}/api`} />
        <LabelledCopy label={`Organization ID of ${org.displayName}`} value={org.id} />
        <LabelledCopy
          label="Example"
          value={`curl -H 'x-api-key: YOUR_KEY' -H 'x-org-id: ${org.id}' '${base}/api/systemusers?limit=10'`}
        />
        <p className="section__help">
          Every request is described in the <a href="/openapi.json">OpenAPI document</a>.
        </p>
      </Section>
    </>
  );
}
