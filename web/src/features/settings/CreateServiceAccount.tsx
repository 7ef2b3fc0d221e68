import { Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { createServiceAccount, lifetimes, rolesQuery } from "../../api/serviceAccounts.ts";
import type { Role, ServiceAccount } from "../../api/types.ts";
import { Button, TextInput } from "../../ui/controls.tsx";
import { Radio, Select } from "../../ui/fields/frequent.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError } from "../../ui/Note.tsx";

interface CreateServiceAccountProps {
  opened: boolean;
  onClose: () => void;
  onMade: (account: ServiceAccount, clientSecret: string) => void;
}

export const lifetimeChoices = lifetimes.map((days) => ({ value: String(days), label: `${days} days` }));

export function CreateServiceAccount({ opened, onClose, onMade }: CreateServiceAccountProps) {
  const { api } = useOrg();
  const roles = useQuery({ ...rolesQuery(api), enabled: opened }).data ?? [];
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("Read Only");
  const [days, setDays] = useState("90");
  const [problem, setProblem] = useState<string>();
  const clear = () => {
    setName("");
    setRole("Read Only");
    setDays("90");
    setProblem(undefined);
  };
  const create = useMutation({
    mutationFn: () => createServiceAccount(api, name.trim(), role, Number(days)),
    onSuccess: (account) => {
      clear();
      onMade(account, account.authConfigs[0]?.clientSecret ?? "");
    },
    onError: focusFirstError,
  });
  const close = () => {
    clear();
    create.reset();
    onClose();
  };
  const submit = () => {
    const found = name.trim() === "" ? "Enter a name that says which program it is." : undefined;
    setProblem(found);
    if (found) focusFirstError();
    else create.mutate();
  };
  return (
    <Modal opened={opened} onClose={close} title="Add service account">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Failure error={create.error} known={["name", "roleName", "lifetime"]} />
        <Stack gap={16}>
          <TextInput
            className="m-required"
            label="Name"
            placeholder="Nightly import"
            autoComplete="off"
            data-autofocus
            maxLength={255}
            value={name}
            error={problem ?? fieldError(create.error, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Radio.Group
            label="Role"
            value={role}
            error={fieldError(create.error, "roleName")}
            onChange={(next) => setRole(next as Role)}
          >
            <Stack gap={8} mt={4}>
              {roles.map((one) => (
                <Radio key={one.name} value={one.name} label={one.name} description={one.description} />
              ))}
            </Stack>
          </Radio.Group>
          <Select
            label="Secret Lifetime"
            description="Make the next secret before this one runs out."
            data={lifetimeChoices}
            value={days}
            error={fieldError(create.error, "lifetime")}
            onChange={(next) => next && setDays(next)}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Add service account
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
