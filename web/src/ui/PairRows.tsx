import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { NameValue } from "../api/types.ts";
import { ActionIcon, Button, TextInput } from "./controls.tsx";
import { Autocomplete } from "./fields/Autocomplete.tsx";

interface PairRowsProps {
  label: string;
  nameLabel: string;
  valueLabel: string;
  addLabel: string;
  rows: NameValue[];
  onChange: (rows: NameValue[]) => void;
  /** Suggestions for the second field; anything else may be typed as well. */
  choices?: { value: string; label: string }[];
  errorAt?: (index: number) => string | undefined;
  /** Why a row of this name cannot be changed here. */
  locked?: (name: string) => string | undefined;
  namePlaceholder?: string;
  valuePlaceholder?: string;
}

/** Rows without anything in them are not saved. */
export function filled(rows: NameValue[]): NameValue[] {
  return rows
    .map((row) => ({ name: row.name.trim(), value: row.value.trim() }))
    .filter((row) => row.name !== "" || row.value !== "");
}

/** Rows of a name and a value. There is always one to type in; empty ones are ignored. */
export function PairRows(props: PairRowsProps) {
  const rows = props.rows.length > 0 ? props.rows : [{ name: "", value: "" }];
  const change = (index: number, patch: Partial<NameValue>) =>
    props.onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  // A name that is typed into a further row does not shut it.
  const lockOf = (index: number) => {
    const name = rows[index]?.name ?? "";
    return rows.findIndex((row) => row.name === name) === index ? props.locked?.(name) : undefined;
  };
  return (
    <div className="rows">
      <div className="rows__head" aria-hidden>
        <span>{props.nameLabel}</span>
        <span>{props.valueLabel}</span>
      </div>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; fields are controlled
        <fieldset key={index} className="rows__row" aria-label={`${props.label} ${index + 1}`}>
          <TextInput
            aria-label={props.nameLabel}
            placeholder={props.namePlaceholder}
            value={row.name}
            readOnly={lockOf(index) !== undefined}
            error={props.errorAt?.(index)}
            onChange={(event) => change(index, { name: event.currentTarget.value })}
          />
          {props.choices ? (
            <Autocomplete
              aria-label={props.valueLabel}
              placeholder={props.valuePlaceholder}
              data={props.choices.map((choice) => choice.value)}
              renderOption={({ option }) => {
                const choice = props.choices?.find((one) => one.value === option.value);
                return (
                  <span>
                    {option.value}
                    {choice && choice.label !== choice.value && <span className="table__sub">{choice.label}</span>}
                  </span>
                );
              }}
              value={row.value}
              onChange={(value) => change(index, { value })}
            />
          ) : (
            <TextInput
              aria-label={props.valueLabel}
              placeholder={props.valuePlaceholder}
              value={row.value}
              readOnly={lockOf(index) !== undefined}
              description={lockOf(index)}
              inputWrapperOrder={["label", "input", "description", "error"]}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
            />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={`Remove ${props.label} ${index + 1}`}
            disabled={(rows.length === 1 && row.name === "" && row.value === "") || lockOf(index) !== undefined}
            onClick={() => props.onChange(rows.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </fieldset>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => props.onChange([...rows, { name: "", value: "" }])}
        >
          {props.addLabel}
        </Button>
      </div>
    </div>
  );
}
