import { Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { GroupKind } from "../../api/groups.ts";
import type { RuleVocabulary } from "../../api/types.ts";
import { ActionIcon, Button, TextInput } from "../../ui/controls.tsx";
import { Autocomplete } from "../../ui/fields/Autocomplete.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { MultiSelect } from "../../ui/fields/MultiSelect.tsx";
import { TagsInput } from "../../ui/fields/TagsInput.tsx";
import { emptyRow, type Row } from "./rule.ts";

export interface GroupChoices {
  user: { value: string; label: string }[];
  device: { value: string; label: string }[];
}

interface RuleRowsProps {
  kind: GroupKind;
  groups: GroupChoices;
  vocabulary: RuleVocabulary;
  rows: Row[];
  onChange: (rows: Row[]) => void;
  problems: Map<number, string[]>;
}

/** The conditions of a dynamic group: attribute, operator, value, joined by and/or. */
export function RuleRows({ kind, groups, vocabulary, rows, onChange, problems }: RuleRowsProps) {
  const shown = rows.length > 0 ? rows : [emptyRow()];
  const change = (key: number, patch: Partial<Row>) =>
    onChange(shown.map((row) => (row.key === key ? { ...row, ...patch } : row)));
  return (
    <div className="rule">
      <div className="rule__head" aria-hidden>
        <span />
        <span>Attribute</span>
        <span>Operator</span>
        <span>Value</span>
      </div>
      {shown.map((row, index) => (
        <RuleRow
          key={row.key}
          row={row}
          index={index}
          groups={groups[groupsOf(kind, row.field)]}
          vocabulary={vocabulary}
          problems={problems.get(row.key)}
          onChange={(patch) => change(row.key, patch)}
          onRemove={() => onChange(shown.filter((one) => one.key !== row.key))}
        />
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...shown, emptyRow()])}
        >
          Add condition
        </Button>
      </div>
    </div>
  );
}

/** Which kind of group an attribute is about. */
function groupsOf(kind: GroupKind, field: string): GroupKind {
  if (field.startsWith("devices.")) return "device";
  return field.startsWith("owner.") ? "user" : kind;
}

interface RuleRowProps {
  row: Row;
  index: number;
  groups: { value: string; label: string }[];
  vocabulary: RuleVocabulary;
  problems: string[] | undefined;
  onChange: (patch: Partial<Row>) => void;
  onRemove: () => void;
}

function RuleRow({ row, index, groups, vocabulary, problems, onChange, onRemove }: RuleRowProps) {
  const attribute = vocabulary.attributes.find((one) => one.name === row.field);
  const operators = vocabulary.operators.filter((one) => !attribute || attribute.operators.includes(one.name));
  const wants = vocabulary.operators.find((one) => one.name === row.operation)?.value ?? "one";
  const chooseAttribute = (field: string | null) => {
    if (!field) return;
    const next = vocabulary.attributes.find((one) => one.name === field);
    const keeps = next?.operators.includes(row.operation);
    onChange({ field, operation: keeps ? row.operation : "", ...(next?.values ? { value: "", list: [] } : {}) });
  };
  const bad = problems ? true : undefined;
  const [typed, setTyped] = useState("");
  return (
    <fieldset
      className="rule__row"
      data-or={index > 0 && row.join === "or" ? true : undefined}
      aria-label={`Condition ${index + 1}`}
    >
      {index === 0 ? (
        <span className="rule__join">Where</span>
      ) : (
        <Select
          aria-label="And/Or"
          data={[
            { value: "and", label: "And" },
            { value: "or", label: "Or" },
          ]}
          value={row.join}
          onChange={(join) => onChange({ join: join === "or" ? "or" : "and" })}
        />
      )}
      <Select
        aria-label="Attribute"
        placeholder="Attribute"
        searchable
        data={attributeChoices(vocabulary, row.field, typed)}
        onSearchChange={setTyped}
        value={row.field || null}
        error={bad}
        nothingFoundMessage="No such attribute"
        onChange={chooseAttribute}
      />
      <Select
        aria-label="Operator"
        placeholder="Operator"
        data={operators.map((one) => ({ value: one.name, label: one.label }))}
        value={row.operation || null}
        error={bad}
        onChange={(operation) => operation && onChange({ operation })}
      />
      {wants === "none" && <span className="rule__none">No value needed</span>}
      {wants === "list" && attribute?.type === "group" && (
        <MultiSelect
          aria-label="Value"
          placeholder={row.list.length === 0 ? "Choose groups" : undefined}
          searchable
          data={groups}
          value={row.list}
          error={bad}
          nothingFoundMessage="No such group"
          onChange={(list) => onChange({ list })}
        />
      )}
      {wants === "list" && attribute?.type !== "group" && (
        <TagsInput
          aria-label="Value"
          placeholder={row.list.length === 0 ? "Type a value, then Enter" : undefined}
          data={attribute?.values ?? []}
          value={row.list}
          error={bad}
          acceptValueOnBlur
          splitChars={[","]}
          onChange={(list) => onChange({ list })}
        />
      )}
      {wants === "one" &&
        (attribute?.values ? (
          <Autocomplete
            aria-label="Value"
            data={attribute.values}
            value={row.value}
            error={bad}
            onChange={(value) => onChange({ value })}
          />
        ) : (
          <TextInput
            aria-label="Value"
            placeholder={timed.has(row.operation) ? "30 days" : "Value"}
            value={row.value}
            error={bad}
            onChange={(event) => onChange({ value: event.currentTarget.value })}
          />
        ))}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={`Remove condition ${index + 1}`}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
      {problems && (
        <Text className="rule__problem" size="sm" role="alert">
          {problems.join(" ")}
        </Text>
      )}
    </fieldset>
  );
}

/** Operators that take a duration. */
const timed = new Set(["within_last", "longer_ago", "within_next"]);

const CUSTOM = "attributes.";

/** The attributes to choose from. A custom one that nobody has yet can be named by typing it. */
function attributeChoices(vocabulary: RuleVocabulary, current: string, typed: string) {
  const of = (custom: boolean) =>
    vocabulary.attributes.filter((one) => one.custom === custom).map((one) => ({ value: one.name, label: one.label }));
  const custom = of(true);
  const known = new Set(vocabulary.attributes.map((one) => one.name));
  if (current && !known.has(current)) custom.push({ value: current, label: current.replace(CUSTOM, "") });
  const name = typed.trim();
  const shown = [...of(false), ...custom].some((one) => one.label.toLowerCase().includes(name.toLowerCase()));
  if (name && !shown) custom.push({ value: CUSTOM + name, label: `${name} (custom attribute)` });
  if (custom.length === 0) return of(false);
  return [
    { group: "Attributes", items: of(false) },
    { group: "Custom attributes", items: custom },
  ];
}
