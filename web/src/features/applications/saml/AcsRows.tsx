import { IconPlus, IconTrash } from "@tabler/icons-react";
import { ActionIcon, Button, TextInput } from "../../../ui/controls.tsx";
import { Radio } from "../../../ui/fields/frequent.tsx";
import type { AcsRow } from "./form.ts";

interface AcsRowsProps {
  rows: AcsRow[];
  error: string | undefined;
  onChange: (rows: AcsRow[]) => void;
}

/** The addresses that answers may be posted to. One is taken where a request names none. */
export function AcsRows({ rows: given, error, onChange }: AcsRowsProps) {
  const rows = given.length > 0 ? given : [{ url: "", index: "0", isDefault: true }];
  const change = (index: number, patch: Partial<AcsRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  const chosen = rows.findIndex((row) => row.isDefault);
  const next = Math.max(-1, ...rows.map((row) => Number(row.index) || 0)) + 1;
  return (
    <div className="uris">
      <div>
        <div className="labelled__name" style={{ marginBottom: 0 }}>
          ACS URLs
        </div>
        <div className="section__help" style={{ marginTop: 2 }}>
          Assertion consumer services, exactly as the service provider tells them. Answers go nowhere else.
        </div>
      </div>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; fields are controlled
        <fieldset key={index} className="acs__row" aria-label={`ACS URL ${index + 1}`}>
          <TextInput
            aria-label="ACS URL"
            placeholder="https://app.example.com/saml/acs"
            inputMode="url"
            spellCheck={false}
            value={row.url}
            error={index === 0 ? error : undefined}
            onChange={(event) => change(index, { url: event.currentTarget.value })}
          />
          <TextInput
            aria-label="Index"
            title="Index"
            inputMode="numeric"
            value={row.index}
            onChange={(event) => change(index, { index: event.currentTarget.value })}
          />
          <Radio
            label="Default"
            checked={(chosen < 0 ? 0 : chosen) === index}
            onChange={() => onChange(rows.map((one, at) => ({ ...one, isDefault: at === index })))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={`Remove ACS URL ${index + 1}`}
            disabled={rows.length === 1 && row.url === ""}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
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
          onClick={() => onChange([...rows, { url: "", index: String(next), isDefault: false }])}
        >
          Add ACS URL
        </Button>
      </div>
    </div>
  );
}
