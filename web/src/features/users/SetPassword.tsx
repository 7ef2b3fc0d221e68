import { Group, Modal, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useOrg } from "../../api/org.tsx";
import type { User } from "../../api/types.ts";
import { setPassword } from "../../api/users.ts";
import { Button } from "../../ui/controls.tsx";
import { PasswordInput } from "../../ui/fields/PasswordInput.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { userName } from "./status.tsx";

interface SetPasswordProps {
  user: User;
  opened: boolean;
  onClose: () => void;
  onSaved: () => void;
}

export function SetPassword({ user, opened, onClose, onSaved }: SetPasswordProps) {
  const { api } = useOrg();
  const [password, setTyped] = useState("");
  const save = useMutation({
    mutationFn: () => setPassword(api, user._id, password),
    onSuccess: () => {
      done(`The password of ${userName(user)} is set.`);
      onSaved();
      close();
    },
  });
  const close = () => {
    setTyped("");
    save.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened={opened} onClose={close} title={`Set the password of ${userName(user)}`}>
      <form onSubmit={submit} noValidate>
        <Failure error={save.error} known={["password", "newPassword"]} />
        <Text mb="sm" c="dimmed" size="sm">
          It works at once and ends the sessions that the old one opened. To let the person choose, send a reset
          instead.
        </Text>
        <PasswordInput
          label="New password"
          value={password}
          autoComplete="new-password"
          data-autofocus
          error={fieldError(save.error, "password")}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={password === ""}>
            Set password
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
