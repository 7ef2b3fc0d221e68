import { Group, Modal, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteToken, rotateToken } from "../../api/directoryProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider, DirectoryToken } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { Ago, exact } from "../../ui/time.tsx";
import type { Made } from "./shownOnce.ts";
import { kindOf } from "./words.ts";

interface ConnectionProps {
  provider: DirectoryProvider;
  onMade: (made: Made) => void;
}

/** Where the directory sends to, what it proves itself with, and whether it does. */
export function Connection({ provider, onMade }: ConnectionProps) {
  const kind = kindOf(provider.type);
  return (
    <>
      <Section title="Endpoint" help="What the directory asks for on its side.">
        {!provider.active && (
          <Note tone="warn">Every request of this directory is refused: “Takes requests” is off below.</Note>
        )}
        <LabelledCopy
          label="Endpoint"
          value={provider.endpoint ?? ""}
          help="Also called Base URL, Tenant URL or SCIM connector base URL."
        />
        <dl className="facts">
          <dt>Last request</dt>
          <dd>
            <Ago at={provider.lastRequestAt} />
          </dd>
          <dt>Recognized caller</dt>
          <dd>{provider.recognizedCaller ?? (provider.lastRequestAt ? "Not one that Muster knows" : "None yet")}</dd>
        </dl>
      </Section>
      <Section title="Bearer Token" help="Proves that it is the directory. It is shown only when it is made.">
        <Tokens provider={provider} onMade={onMade} />
      </Section>
      <Section title={`In ${kind.type === "generic" ? "the other directory" : kind.label}`} help="Step by step.">
        <ol className="steps">
          {kind.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Section>
    </>
  );
}

const overlaps = [
  { value: "0", label: "Not at all: refuse it at once" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "24 hours" },
  { value: "604800", label: "7 days" },
];

function Tokens({ provider, onMade }: ConnectionProps) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [asking, setAsking] = useState(false);
  const [overlap, setOverlap] = useState("86400");
  const refresh = () => client.invalidateQueries({ queryKey: [api.orgId, "directory-provider", provider.id] });
  const rotate = useMutation({
    mutationFn: () => rotateToken(api, provider.id, Number(overlap)),
    onSuccess: ({ token }) => {
      setAsking(false);
      void refresh();
      onMade({ endpoint: provider.endpoint ?? "", token });
    },
  });
  const drop = async (token: DirectoryToken) => {
    const yes = await confirm({
      title: "Remove this token?",
      body:
        provider.tokens.length === 1
          ? "It is the only one: the directory is shut out until it has a new one. What came stays as it is."
          : "If the directory still uses it, it is shut out at once.",
      confirm: "Remove token",
      danger: true,
    });
    if (!yes) return;
    try {
      await deleteToken(api, provider.id, token.id);
      await refresh();
      done("The token is removed.");
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <DataTable<DirectoryToken>
        label="Bearer tokens"
        rows={provider.tokens}
        id={(one) => one.id}
        empty="No token: the directory is shut out. Make a new one."
        columns={[
          { key: "made", label: "Made", kind: "lead", render: (one) => <Ago at={one.createdAt} /> },
          { key: "used", label: "Last used", kind: "tight", render: (one) => <Ago at={one.lastUsedAt} /> },
          {
            key: "until",
            label: "Ends",
            kind: "tight",
            render: (one) => (one.expiresAt ? <Ago at={one.expiresAt} /> : "When removed"),
          },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (one) => (
              <Button
                size="xs"
                variant="subtle"
                color="gray"
                aria-label={`Remove the token made ${exact(new Date(one.createdAt))}`}
                onClick={() => void drop(one)}
              >
                Remove
              </Button>
            ),
          },
        ]}
      />
      <Button
        variant="default"
        mt={12}
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        Rotate token
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Rotate the Bearer Token">
        <Text mb="md">
          A new token is made and shown once. Enter it in the directory while the old one still works.
        </Text>
        <Failure error={rotate.error} />
        <Select
          label="The old token goes on for"
          data={overlaps}
          value={overlap}
          onChange={(next) => next && setOverlap(next)}
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsking(false)}>
            Cancel
          </Button>
          <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Make a new token
          </Button>
        </Group>
      </Modal>
    </>
  );
}
