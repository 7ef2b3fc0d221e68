import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type AddressPart, type AddressRow, addressChoices, newAddress } from "./contact.ts";
import { ActionIcon, Button, TextInput } from "./controls.tsx";
import { Select } from "./fields/frequent.tsx";
import { useRowFocus } from "./rowFocus.ts";

interface AddressRowsProps {
  rows: AddressRow[];
  onChange: (rows: AddressRow[]) => void;
  error: (path: string) => string | undefined;
  /** The person's own: browsers may fill it in. */
  own?: boolean;
  disabled?: boolean;
}

const parts: { part: AddressPart; label: string; fill: string; wide?: boolean }[] = [
  { part: "streetAddress", label: "Street Address", fill: "address-line1", wide: true },
  { part: "extendedAddress", label: "Apartment, Suite", fill: "address-line2", wide: true },
  { part: "poBox", label: "PO Box", fill: "off" },
  { part: "locality", label: "City", fill: "address-level2" },
  { part: "region", label: "State or Region", fill: "address-level1" },
  { part: "postalCode", label: "Postal Code", fill: "postal-code" },
  { part: "country", label: "Country", fill: "country-name" },
];

/** Postal addresses, a card each. */
export function AddressRows({ rows, onChange, error, own, disabled }: AddressRowsProps) {
  const { list, focusLast, focusAdd } = useRowFocus();
  const change = (index: number, patch: Partial<AddressRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <div className="rows" ref={list}>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; fields are controlled
        <fieldset key={index} className="address" aria-label={`Address ${index + 1}`} data-row>
          <div className="address__head">
            <Select
              aria-label="Address Type"
              data={addressChoices(row.type)}
              value={row.type}
              disabled={disabled}
              onChange={(type) => type !== null && change(index, { type })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={34}
              disabled={disabled}
              aria-label={`Remove address ${index + 1}`}
              onClick={() => {
                onChange(rows.filter((_, at) => at !== index));
                focusAdd();
              }}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
          <div className="fields">
            {parts
              // Few have one; it is shown where it was entered elsewhere.
              .filter(({ part }) => part !== "poBox" || row.poBox !== "")
              .map(({ part, label, fill, wide }) => (
                <TextInput
                  key={part}
                  className={wide ? "span2" : undefined}
                  label={label}
                  autoComplete={own ? fill : "off"}
                  maxLength={1024}
                  value={row[part]}
                  disabled={disabled}
                  data-focus={part === "streetAddress" || undefined}
                  error={error(`addresses[${index}].${part}`)}
                  onChange={(event) => change(index, { [part]: event.currentTarget.value })}
                />
              ))}
          </div>
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
            onChange([...rows, newAddress(rows)]);
            focusLast();
          }}
        >
          Add address
        </Button>
      </div>
    </div>
  );
}
