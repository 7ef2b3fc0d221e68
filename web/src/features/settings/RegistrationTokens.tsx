import { Group, Modal, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import {
  createRegistrationToken,
  deleteRegistrationToken,
  registrationTokensQuery,
} from "../../api/registrationTokens.ts";
import type { RegistrationToken } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Button, TextInput } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { NumberInput } from "../../ui/fields/NumberInput.tsx";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";

const DAY_S = 86_400;
const lifetimes = [
  { value: String(DAY_S), label: "1 day" },
  { value: String(7 * DAY_S), label: "7 days" },
  { value: String(30 * DAY_S), label: "30 days" },
  { value: String(365 * DAY_S), label: "1 year" },
];

/** The tokens with which applications may register themselves. */
export function RegistrationTokens() {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const tokens = useQuery(registrationTokensQuery(api));
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: registrationTokensQuery(api).queryKey });
  const remove = async (token: RegistrationToken) => {
    const yes = await confirm({
      title: "Delete this initial access token?",
      body: "Nobody can register with it any more. Applications that did so already stay.",
      confirm: "Delete token",
      danger: true,
    });
    if (!yes) return;
    try {
      await deleteRegistrationToken(api, token.id);
      await refresh();
      done("The token is deleted.");
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Section title="Initial access tokens" help="Give one to whoever registers an application. It is shown once.">
      <Failure error={tokens.error} retry={() => void tokens.refetch()} />
      <DataTable<RegistrationToken>
        label="Initial access tokens"
        expected={1}
        rows={tokens.data}
        id={(one) => one.id}
        empty="No token. Without one nobody can register an application."
        columns={[
          { key: "for", label: "For", kind: "lead", render: (one) => one.description || "No description" },
          { key: "uses", label: "Uses left", kind: "num", render: (one) => one.usesLeft },
          { key: "made", label: "Made", kind: "tight", render: (one) => <Ago at={one.createdAt} /> },
          {
            key: "until",
            label: "Runs out",
            kind: "tight",
            render: (one) =>
              Date.parse(one.expiresAt) <= Date.now() ? (
                <Status tone="muted">Ran out</Status>
              ) : (
                <Ago at={one.expiresAt} />
              ),
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
                aria-label={`Delete the token for ${one.description || "nobody in particular"}`}
                onClick={() => void remove(one)}
              >
                Delete
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
        Add token
      </Button>
      <AddToken
        opened={adding}
        onClose={() => setAdding(false)}
        onMade={(token) => {
          setAdding(false);
          setMade(token);
          void refresh();
        }}
      />
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        title="Initial access token"
        size="lg"
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <Text mb="md">
          Whoever registers an application sends it as <code className="m-mono">authorization: Bearer …</code> to the
          registration endpoint.
        </Text>
        {made && <LabelledCopy label="Token" value={made} />}
        <Note tone="warn">The token is shown only now.</Note>
        <Group justify="flex-end">
          <Button onClick={() => setMade(null)}>Got It</Button>
        </Group>
      </Modal>
    </Section>
  );
}

interface AddTokenProps {
  opened: boolean;
  onClose: () => void;
  onMade: (token: string) => void;
}

const blank = { description: "", uses: 1 as number | string, expiresIn: String(DAY_S) };

function AddToken({ opened, onClose, onMade }: AddTokenProps) {
  const { api } = useOrg();
  const [value, setValue] = useState(blank);
  const create = useMutation({
    mutationFn: () =>
      createRegistrationToken(api, {
        description: value.description.trim(),
        uses: Number(value.uses) || 1,
        expiresIn: Number(value.expiresIn),
      }),
    onSuccess: (made) => {
      setValue(blank);
      onMade(made.token ?? "");
    },
  });
  const close = () => {
    setValue(blank);
    create.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Add initial access token">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Failure error={create.error} known={["description", "uses", "expiresIn"]} />
        <Stack gap={14}>
          <TextInput
            label="For"
            description="Who registers what, so that you know later."
            autoComplete="off"
            data-autofocus
            maxLength={255}
            value={value.description}
            error={fieldError(create.error, "description")}
            onChange={(event) => setValue({ ...value, description: event.currentTarget.value })}
          />
          <NumberInput
            label="Applications"
            description="How many may register with it."
            min={1}
            max={1000}
            allowDecimal={false}
            value={value.uses}
            error={fieldError(create.error, "uses")}
            onChange={(uses) => setValue({ ...value, uses })}
          />
          <Select
            label="Lifetime"
            data={lifetimes}
            value={value.expiresIn}
            error={fieldError(create.error, "expiresIn")}
            onChange={(expiresIn) => expiresIn && setValue({ ...value, expiresIn })}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Add token
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
