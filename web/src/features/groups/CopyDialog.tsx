import { Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { copyGroup, type GroupKind } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { UserGroup } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { confirmed } from "../../ui/confirmed.ts";
import { Button, Checkbox, TextInput } from "../../ui/controls.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { kinds } from "./kinds.ts";

const parts = [
  { key: "rule", label: "Rule and membership method" },
  { key: "exclusions", label: "Exclude rule" },
  { key: "exemptions", label: "Exemptions" },
  { key: "memberGroups", label: "Member groups" },
  { key: "bindings", label: "Applications" },
  { key: "members", label: "Members added by hand (only without the rule)" },
] as const;
type Part = (typeof parts)[number]["key"];

/** Copies a group: what of it is chosen by tick box. */
export function CopyDialog({ group, kind, onClose }: { group: UserGroup; kind: GroupKind; onClose: () => void }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const [name, setName] = useState(`${group.name} (copy)`.slice(0, 255));
  const [ticked, setTicked] = useState<Record<Part, boolean>>({
    rule: true,
    exclusions: true,
    exemptions: true,
    memberGroups: true,
    bindings: true,
    members: group.membershipMethod === "STATIC",
  });
  const copy = useMutation({
    mutationFn: () =>
      confirmed(confirm, (sure) => copyGroup(api, group.id, { name: name.trim(), ...ticked, confirmed: sure }, kind)),
    onSuccess: (made) => {
      if (made === null) return;
      void client.invalidateQueries({ queryKey: [api.orgId, "groups"] });
      done(`${made.name} is a copy of ${group.name}.`);
      onClose();
      void navigate({ to: kinds[kind].details, params: { slug: org.slug, groupId: made.id }, search: {} });
    },
  });
  const shown = parts.filter((part) => kind === "user" || part.key !== "bindings");
  return (
    <Modal opened onClose={onClose} title={`Copy ${group.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          copy.mutate();
        }}
      >
        <TextInput
          label="Name of the copy"
          value={name}
          maxLength={255}
          data-autofocus
          error={fieldError(copy.error, "name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Stack gap={10} mt={16} role="group" aria-label="What is copied">
          {shown.map((part) => (
            <Checkbox
              key={part.key}
              label={part.label}
              checked={ticked[part.key]}
              disabled={part.key === "members" && ticked.rule && group.membershipMethod !== "STATIC"}
              onChange={(event) => setTicked({ ...ticked, [part.key]: event.currentTarget.checked })}
            />
          ))}
        </Stack>
        <Failure error={copy.error} known={["name"]} />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={copy.isPending} disabled={name.trim() === ""}>
            Copy group
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
