import { Skeleton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useOrg } from "../../api/org.tsx";
import { keysQuery, organizationQuery, rotateKey, updateOrganization } from "../../api/settings.ts";
import type { SigningAlg, SigningKey } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button, Menu } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { Status, type StatusTone } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";

const states: Record<SigningKey["state"], { label: string; tone: StatusTone }> = {
  active: { label: "Signs now", tone: "ok" },
  next: { label: "Announced", tone: "info" },
  retiring: { label: "Still accepted", tone: "waiting" },
};

const algs: SigningAlg[] = ["RS256", "PS256", "ES256", "ES384", "EdDSA"];

const schedules = [
  { value: "0", label: "By hand only" },
  { value: "30", label: "Every 30 days" },
  { value: "90", label: "Every 90 days" },
  { value: "180", label: "Every 180 days" },
  { value: "365", label: "Every year" },
];

/** The keys that this organization signs its tokens with. */
export function Keys() {
  const { api, session, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const keys = useQuery(keysQuery(api));
  const rotate = useMutation({
    mutationFn: (alg: SigningAlg) => rotateKey(api, alg),
    onSuccess: (_, alg) => {
      void client.invalidateQueries({ queryKey: [api.orgId, "keys"] });
      done(`A new ${alg} key is published.`);
    },
    onError: failed,
  });
  const ask = async (alg: SigningAlg) => {
    const yes = await confirm({
      title: `Rotate the ${alg} key?`,
      body: "A new key is published now and signs once applications have had time to fetch it. The old one stays published until the last token signed with it has ended, so applications that read the key set notice nothing. One that has a key pasted into it needs the new key.",
      confirm: "Rotate key",
    });
    if (yes) rotate.mutate(alg);
  };
  return (
    <Page
      title="Keys and certificates"
      under="What this organization signs its tokens with. Applications fetch the public halves by themselves."
      actions={
        <Menu>
          <Menu.Target>
            <Button
              variant="default"
              loading={rotate.isPending}
              rightSection={<IconChevronDown size={16} aria-hidden />}
            >
              Rotate key
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {algs.map((alg) => (
              <Menu.Item key={alg} onClick={() => void ask(alg)}>
                {alg}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      }
    >
      <Failure error={keys.error} retry={() => void keys.refetch()} />
      <DataTable<SigningKey>
        label="Signing keys"
        expected={2}
        rows={keys.data}
        id={(key) => key.kid}
        empty="No key yet. The first is made when the first token is signed."
        columns={[
          { key: "kid", label: "Key ID", kind: "lead", render: (key) => <span className="m-mono cut">{key.kid}</span> },
          { key: "alg", label: "Algorithm", render: (key) => key.alg },
          { key: "created", label: "Made", kind: "tight", render: (key) => <Ago at={key.createdAt} /> },
          {
            key: "from",
            label: "Signs from",
            kind: "tight",
            render: (key) => key.signsFrom && <Ago at={key.signsFrom} />,
          },
          { key: "used", label: "Last used", kind: "tight", render: (key) => <Ago at={key.lastUsedAt} /> },
          { key: "until", label: "Dropped", kind: "tight", render: (key) => key.dropAt && <Ago at={key.dropAt} /> },
          {
            key: "state",
            label: "State",
            kind: "tight",
            render: (key) => (
              <Status tone={states[key.state]?.tone ?? "muted"}>{states[key.state]?.label ?? key.state}</Status>
            ),
          },
        ]}
      />
      <Section
        title="Rotation"
        help="A new key is published ahead of time, then signs; the old one stays until its last token has ended."
      >
        <Schedule />
      </Section>
      <Section title="For applications" help="Applications that do not read the discovery document want this address.">
        <LabelledCopy
          label="Public key set"
          value={`${session.publicUrl.replace(/\/$/, "")}/o/${org.slug}/.well-known/jwks.json`}
        />
      </Section>
    </Page>
  );
}

/** How old a key gets before the next one follows it. */
function Schedule() {
  const { api } = useOrg();
  const client = useQueryClient();
  const organization = useQuery(organizationQuery(api));
  const save = useMutation({
    mutationFn: (days: number) => updateOrganization(api, { settings: { signingKeys: { rotateEveryDays: days } } }),
    onSuccess: async (_, days) => {
      await client.invalidateQueries({ queryKey: organizationQuery(api).queryKey });
      done(days === 0 ? "Keys are rotated by hand only." : `Keys are rotated every ${days} days.`);
    },
    onError: failed,
  });
  if (!organization.data) return <Skeleton height={60} w={280} />;
  const days = String(organization.data.settings.signingKeys?.rotateEveryDays ?? 0);
  const known = schedules.some((one) => one.value === days);
  return (
    <Select
      label="Rotate Keys"
      w={280}
      data={known ? schedules : [...schedules, { value: days, label: `Every ${days} days` }]}
      value={days}
      disabled={save.isPending}
      onChange={(next) => next && next !== days && save.mutate(Number(next))}
    />
  );
}
