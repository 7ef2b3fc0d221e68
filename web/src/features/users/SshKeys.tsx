import { Group, Modal, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import type { SshKey, User } from "../../api/types.ts";
import { addSshKey, removeSshKey, sshKeysQuery } from "../../api/users.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button, TextInput } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Textarea } from "../../ui/fields/frequent.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { fingerprint, keyProblem, readKey } from "./sshKey.ts";
import { userName } from "./status.tsx";

/** A person's SSH keys. Adding and removing is done at once, apart from the form's save bar. */
export function SshKeys({ user }: { user: User }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const keys = useQuery(sshKeysQuery(api, user._id));
  const [adding, setAdding] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: [api.orgId, "user", user._id] });
  const remove = async (key: SshKey) => {
    const yes = await confirm({
      title: `Remove the key “${key.name}”?`,
      body: `${userName(user)} can no longer sign in with it where Muster hands keys out.`,
      confirm: "Remove key",
      danger: true,
    });
    if (!yes) return;
    try {
      await removeSshKey(api, user._id, key._id);
      await refresh();
      done(`The key ${key.name} is removed.`);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Section title="SSH Keys" help="Public keys of this person. Adding and removing takes effect at once.">
      <Failure error={keys.error} retry={() => void keys.refetch()} />
      <DataTable<SshKey>
        label="SSH keys"
        expected={1}
        rows={keys.data}
        id={(key) => key._id}
        empty="No SSH key."
        columns={[
          {
            key: "name",
            label: "Key",
            kind: "lead",
            render: (key) => (
              <span>
                <strong style={{ fontWeight: 500 }}>{key.name}</strong>
                <span className="table__sub">{readKey(key.public_key).comment}</span>
              </span>
            ),
          },
          { key: "type", label: "Type", kind: "tight", render: (key) => readKey(key.public_key).type },
          { key: "print", label: "Fingerprint", render: (key) => <Fingerprint line={key.public_key} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (key) => (
              <Button
                size="xs"
                variant="subtle"
                color="gray"
                aria-label={`Remove the key ${key.name}`}
                onClick={() => void remove(key)}
              >
                Remove
              </Button>
            ),
          },
        ]}
      />
      <Button
        variant="default"
        size="xs"
        mt={12}
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => setAdding(true)}
      >
        Add SSH key
      </Button>
      <AddKey
        user={user}
        opened={adding}
        onClose={() => setAdding(false)}
        onAdded={(key) => {
          setAdding(false);
          void refresh();
          done(`The key ${key.name} is added.`);
        }}
      />
    </Section>
  );
}

function Fingerprint({ line }: { line: string }) {
  const print = useQuery({
    queryKey: ["fingerprint", line],
    queryFn: () => fingerprint(line),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const text = print.data ?? `…${readKey(line).key.slice(-16)}`;
  return (
    <span className="m-mono cut" title={text}>
      {text}
    </span>
  );
}

interface AddKeyProps {
  user: User;
  opened: boolean;
  onClose: () => void;
  onAdded: (key: SshKey) => void;
}

function AddKey({ user, opened, onClose, onAdded }: AddKeyProps) {
  const { api } = useOrg();
  const blank = { name: "", line: "" };
  const [value, setValue] = useState(blank);
  const [problems, setProblems] = useState<{ name?: string; line?: string }>({});
  const add = useMutation({
    mutationFn: (key: { name: string; public_key: string }) => addSshKey(api, user._id, key),
    onSuccess: (key) => {
      setValue(blank);
      onAdded(key);
    },
    onError: focusFirstError,
  });
  const close = () => {
    setValue(blank);
    setProblems({});
    add.reset();
    onClose();
  };
  const submit = () => {
    // Most keys say whose they are: `ana@laptop`.
    const name = value.name.trim() || readKey(value.line).comment;
    const line = keyProblem(value.line);
    const found = { ...(line && { line }), ...(!line && name === "" && { name: "Enter a name for the key." }) };
    setProblems(found);
    if (Object.keys(found).length > 0) focusFirstError();
    else add.mutate({ name, public_key: value.line.trim() });
  };
  return (
    <Modal opened={opened} onClose={close} title="Add SSH key" size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Failure error={add.error} known={["name", "public_key"]} />
        <Stack gap={14}>
          <Textarea
            label="Public Key"
            description="The whole line of the file that ends in .pub."
            placeholder="ssh-ed25519 AAAA… ana@laptop"
            data-autofocus
            minRows={3}
            spellCheck={false}
            classNames={{ input: "m-mono" }}
            value={value.line}
            error={problems.line ?? fieldError(add.error, "public_key")}
            onChange={(event) => setValue({ ...value, line: event.currentTarget.value })}
          />
          <TextInput
            label="Key Name"
            placeholder={readKey(value.line).comment || "Laptop"}
            autoComplete="off"
            maxLength={128}
            value={value.name}
            error={problems.name ?? fieldError(add.error, "name")}
            onChange={(event) => setValue({ ...value, name: event.currentTarget.value })}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add SSH key
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
