import { Group, Modal, Stack } from "@mantine/core";
import { IconListDetails, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { attributesQuery, declareAttribute, removeAttribute } from "../../api/attributes.ts";
import { useOrg } from "../../api/org.tsx";
import type { AttributeDeclaration } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { Button, TextInput } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { Status } from "../../ui/Status.tsx";

const types = {
  string: "Text",
  number: "Number",
  boolean: "True or false",
  date: "Date",
} satisfies Record<AttributeDeclaration["type"], string>;

const helps = {
  string: "Any text.",
  number: "As 42 or -1.5. Rules compare it as a number.",
  boolean: "true or false.",
  date: "As 2024-01-31 or 2024-01-31T09:00:00Z. Rules may say within the last 30 days.",
} satisfies Record<AttributeDeclaration["type"], string>;

/** Which custom attributes of people there are, and what their values are. */
export function Attributes() {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const attributes = useQuery(attributesQuery(api));
  const [open, setOpen] = useState<AttributeDeclaration | "new" | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: [api.orgId] });
  const remove = async (one: AttributeDeclaration) => {
    const yes = await confirm({
      title: `Remove the type of ${one.name}?`,
      body: "Values stay, as text. Groups whose rules ask for it keep the members that they have, with an error shown, until their rule is saved again or the type is declared again.",
      confirm: "Remove type",
      danger: true,
    });
    if (!yes) return;
    try {
      await removeAttribute(api, one.name);
      await refresh();
      done(`${one.name} takes any text now.`);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Page
      title="Custom Attributes"
      count={attributes.data?.length}
      under="What may be entered about people beside the fields that everybody has. A type keeps wrong values out, and lets rules compare numbers and dates."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen("new")}>
          Add attribute
        </Button>
      }
    >
      <Failure error={attributes.error} retry={() => void attributes.refetch()} />
      {attributes.data?.length === 0 ? (
        <Empty
          icon={<IconListDetails size={22} />}
          title="No custom attribute yet"
          text="Add one here, or enter one in the details of a person: it takes any text until its type is declared."
        />
      ) : (
        <DataTable<AttributeDeclaration>
          label="Custom Attributes"
          expected={4}
          rows={attributes.data}
          id={(one) => one.name}
          columns={[
            {
              key: "name",
              label: "Attribute Name",
              kind: "lead",
              render: (one) => (
                <span>
                  <strong style={{ fontWeight: 500 }}>{one.name}</strong>
                  {one.description && <span className="table__sub">{one.description}</span>}
                </span>
              ),
            },
            {
              key: "type",
              label: "Type",
              kind: "tight",
              render: (one) => (one.declared ? types[one.type] : <Status tone="muted">Not declared: any text</Status>),
            },
            {
              key: "actions",
              label: "Actions",
              kind: "tail",
              render: (one) => (
                <Group gap={4} wrap="nowrap" justify="flex-end">
                  <Button
                    size="xs"
                    variant="subtle"
                    color="gray"
                    aria-label={`${one.declared ? "Edit" : "Declare type of"} ${one.name}`}
                    onClick={() => setOpen(one)}
                  >
                    {one.declared ? "Edit" : "Declare type"}
                  </Button>
                  {one.declared && (
                    <Button
                      size="xs"
                      variant="subtle"
                      color="gray"
                      aria-label={`Remove the type of ${one.name}`}
                      onClick={() => void remove(one)}
                    >
                      Remove
                    </Button>
                  )}
                </Group>
              ),
            },
          ]}
        />
      )}
      {open && (
        <DeclareDialog
          attribute={open === "new" ? undefined : open}
          onClose={() => setOpen(null)}
          onDone={(one) => {
            setOpen(null);
            void refresh();
            done(`${one.name} is declared: ${types[one.type].toLowerCase()}.`);
          }}
        />
      )}
    </Page>
  );
}

interface DeclareDialogProps {
  attribute: AttributeDeclaration | undefined;
  onClose: () => void;
  onDone: (one: AttributeDeclaration) => void;
}

function DeclareDialog({ attribute, onClose, onDone }: DeclareDialogProps) {
  const { api } = useOrg();
  const [value, setValue] = useState({
    name: attribute?.name ?? "",
    type: attribute?.type ?? ("string" as const),
    description: attribute?.description ?? "",
  });
  const declare = useMutation({
    mutationFn: () => declareAttribute(api, { ...value, name: value.name.trim() }),
    onSuccess: onDone,
  });
  return (
    <Modal opened onClose={onClose} title={attribute ? `Declare ${attribute.name}` : "Add attribute"}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          declare.mutate();
        }}
      >
        <Failure error={declare.error} known={["name", "type", "description"]} />
        <Stack gap={14}>
          <TextInput
            label="Attribute Name"
            description="Letter case counts. Rules call it attributes.NAME."
            autoComplete="off"
            data-autofocus
            maxLength={255}
            readOnly={attribute !== undefined}
            value={value.name}
            error={fieldError(declare.error, "name")}
            onChange={(event) => setValue({ ...value, name: event.currentTarget.value })}
          />
          <Select
            label="Type"
            description={helps[value.type]}
            allowDeselect={false}
            data={Object.entries(types).map(([one, label]) => ({ value: one, label }))}
            value={value.type}
            error={fieldError(declare.error, "type")}
            onChange={(type) => type && setValue({ ...value, type: type as AttributeDeclaration["type"] })}
          />
          <TextInput
            label="Description"
            autoComplete="off"
            maxLength={1024}
            value={value.description}
            error={fieldError(declare.error, "description")}
            onChange={(event) => setValue({ ...value, description: event.currentTarget.value })}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={declare.isPending}>
            {attribute ? "Save" : "Add attribute"}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
