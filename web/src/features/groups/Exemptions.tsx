import { Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { deviceQuery } from "../../api/devices.ts";
import type { GroupKind } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Exemption, ExemptionMode } from "../../api/types.ts";
import { userQuery } from "../../api/users.ts";
import { ActionIcon, TextInput } from "../../ui/controls.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { deviceName } from "../devices/words.tsx";
import { userName } from "../users/status.tsx";
import { exempted } from "./form.ts";
import { kinds } from "./kinds.ts";
import { MemberPicker } from "./MemberPicker.tsx";

const modes = [
  { value: "in", label: "Always in the group" },
  { value: "out", label: "Never in the group" },
  { value: "keep", label: "As they are now" },
];

interface ExemptionsProps {
  kind: GroupKind;
  exemptions: Exemption[];
  onChange: (exemptions: Exemption[]) => void;
}

/** People or devices whom the rule does not decide about. */
export function Exemptions({ kind, exemptions, onChange }: ExemptionsProps) {
  const change = (id: string, patch: Partial<Exemption>) =>
    onChange(exemptions.map((one) => (one.id === id ? { ...one, ...patch } : one)));
  const words = kinds[kind];
  return (
    <section aria-label="Exemptions" style={{ marginTop: 28 }}>
      <Title order={3}>Exemptions</Title>
      <Text size="sm" c="dimmed" mb={10}>
        {words.people} whom the rule does not decide about. With a last day they end by themselves.
      </Text>
      {exemptions.map((exemption) => (
        <ExemptRow
          key={exemption.id}
          kind={kind}
          exemption={exemption}
          onChange={(patch) => change(exemption.id, patch)}
          onRemove={() => onChange(exemptions.filter((one) => one.id !== exemption.id))}
        />
      ))}
      <div style={{ maxWidth: 360, marginTop: 10 }}>
        <MemberPicker
          kind={kind}
          label={`Exempt a ${words.member.toLowerCase()}`}
          without={exemptions.map((one) => one.id)}
          onPick={(member) => onChange([...exemptions, exempted(kind, member.id)])}
        />
      </div>
    </section>
  );
}

interface ExemptRowProps {
  kind: GroupKind;
  exemption: Exemption;
  onChange: (patch: Partial<Exemption>) => void;
  onRemove: () => void;
}

function ExemptRow({ kind, exemption, onChange, onRemove }: ExemptRowProps) {
  const { api } = useOrg();
  const user = useQuery({ ...userQuery(api, exemption.id), enabled: kind === "user" });
  const device = useQuery({ ...deviceQuery(api, exemption.id), enabled: kind === "device" });
  const name = user.data ? userName(user.data) : device.data ? deviceName(device.data) : exemption.id;
  return (
    <fieldset className="exempt" aria-label={`Exemption of ${name}`}>
      <span>
        {name}
        <span className="table__sub">{user.data?.email ?? device.data?.hostname ?? "\u00a0"}</span>
      </span>
      <Select
        aria-label={`Exemption of ${name}`}
        data={modes}
        value={exemption.mode ?? "keep"}
        onChange={(mode) => mode && onChange({ mode: mode as ExemptionMode })}
      />
      <TextInput
        aria-label={`Reason of the exemption of ${name}`}
        placeholder="Reason"
        maxLength={1024}
        value={exemption.reason ?? ""}
        onChange={(event) => onChange({ reason: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        aria-label={`Last day of the exemption of ${name}`}
        title="Ends by itself at the end of this day (UTC)"
        value={lastDay(exemption.until)}
        onChange={(event) => onChange({ until: endOf(event.currentTarget.value) })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={`Remove the exemption of ${name}`}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </fieldset>
  );
}

const DAY_MS = 86_400_000;

/** The day at whose end an exemption ends. */
function lastDay(until: string | null | undefined): string {
  return until ? new Date(new Date(until).getTime() - 1).toISOString().slice(0, 10) : "";
}

function endOf(day: string): string | undefined {
  return day ? new Date(new Date(`${day}T00:00:00Z`).getTime() + DAY_MS).toISOString() : undefined;
}
