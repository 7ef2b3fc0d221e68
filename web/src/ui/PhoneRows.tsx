import { IconPlus, IconTrash } from "@tabler/icons-react";
import { newPhone, type PhoneRow, phoneChoices } from "./contact.ts";
import { ActionIcon, Button, TextInput } from "./controls.tsx";
import { Select } from "./fields/frequent.tsx";
import { useRowFocus } from "./rowFocus.ts";

interface PhoneRowsProps {
  rows: PhoneRow[];
  onChange: (rows: PhoneRow[]) => void;
  error: (path: string) => string | undefined;
  /** Called when a field is left, so that what is wrong with it may be shown. */
  onLeave: (path: string) => void;
  /** The person's own: browsers may fill it in. */
  own?: boolean;
  disabled?: boolean;
}

/** Phone numbers, each with what kind of number it is. */
export function PhoneRows({ rows, onChange, error, onLeave, own, disabled }: PhoneRowsProps) {
  const { list, focusLast, focusAdd } = useRowFocus();
  const change = (index: number, patch: Partial<PhoneRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <div className="rows rows--typed" ref={list}>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; fields are controlled
        <fieldset key={index} className="rows__row" aria-label={`Phone number ${index + 1}`} data-row>
          <Select
            aria-label="Phone Type"
            data={phoneChoices(row.type)}
            value={row.type}
            disabled={disabled}
            onChange={(type) => type !== null && change(index, { type })}
          />
          <TextInput
            aria-label="Phone Number"
            type="tel"
            autoComplete={own ? "tel" : "off"}
            placeholder="+49 30 901820"
            maxLength={64}
            value={row.number}
            disabled={disabled}
            data-focus
            error={error(`phoneNumbers[${index}]`)}
            onBlur={() => onLeave(`phoneNumbers[${index}]`)}
            onChange={(event) => change(index, { number: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            disabled={disabled}
            aria-label={`Remove phone number ${index + 1}`}
            onClick={() => {
              onChange(rows.filter((_, at) => at !== index));
              focusAdd();
            }}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </fieldset>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          disabled={disabled}
          leftSection={<IconPlus size={14} aria-hidden />}
          data-add
          onClick={() => {
            onChange([...rows, newPhone(rows)]);
            focusLast();
          }}
        >
          Add phone number
        </Button>
      </div>
    </div>
  );
}
