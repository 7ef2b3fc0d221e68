import { ActionIcon, Select, Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useOrg } from "../../api/org.tsx";
import type { Exemption, ExemptionMode } from "../../api/types.ts";
import { userQuery } from "../../api/users.ts";
import { userName } from "../users/status.tsx";
import { UserPicker } from "../users/UserPicker.tsx";

const modes = [
  { value: "in", label: "Always in the group" },
  { value: "out", label: "Never in the group" },
  { value: "keep", label: "As they are now" },
];

interface ExemptionsProps {
  exemptions: Exemption[];
  onChange: (exemptions: Exemption[]) => void;
}

/** People whom the rule does not decide about. */
export function Exemptions({ exemptions, onChange }: ExemptionsProps) {
  const change = (id: string, mode: ExemptionMode) =>
    onChange(exemptions.map((one) => (one.id === id ? { ...one, mode } : one)));
  return (
    <section aria-label="Exemptions" style={{ marginTop: 28 }}>
      <Title order={3}>Exemptions</Title>
      <Text size="sm" c="dimmed" mb={10}>
        People whom the rule does not decide about.
      </Text>
      {exemptions.map((exemption) => (
        <ExemptRow
          key={exemption.id}
          exemption={exemption}
          onMode={(mode) => change(exemption.id, mode)}
          onRemove={() => onChange(exemptions.filter((one) => one.id !== exemption.id))}
        />
      ))}
      <div style={{ maxWidth: 360, marginTop: 10 }}>
        <UserPicker
          label="Exempt a user"
          placeholder="Search a user to exempt"
          without={exemptions.map((one) => one.id)}
          onPick={(user) => onChange([...exemptions, { id: user._id, type: "USER", mode: "in" }])}
        />
      </div>
    </section>
  );
}

interface ExemptRowProps {
  exemption: Exemption;
  onMode: (mode: ExemptionMode) => void;
  onRemove: () => void;
}

function ExemptRow({ exemption, onMode, onRemove }: ExemptRowProps) {
  const { api } = useOrg();
  const user = useQuery(userQuery(api, exemption.id));
  const name = user.data ? userName(user.data) : exemption.id;
  return (
    <div className="exempt">
      <span>
        {name}
        <span className="table__sub">{user.data?.email ?? "\u00a0"}</span>
      </span>
      <Select
        aria-label={`Exemption of ${name}`}
        data={modes}
        value={exemption.mode ?? "keep"}
        onChange={(mode) => mode && onMode(mode as ExemptionMode)}
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
    </div>
  );
}
