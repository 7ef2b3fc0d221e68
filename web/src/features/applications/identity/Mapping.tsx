import { IconFilter, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useReadOnly } from "../../../api/org.tsx";
import { ActionIcon, Button, Checkbox, TextInput } from "../../../ui/controls.tsx";
import { Autocomplete } from "../../../ui/fields/Autocomplete.tsx";
import { Select } from "../../../ui/fields/frequent.tsx";
import { Section } from "../../../ui/Page.tsx";
import { useRowFocus } from "../../../ui/rowFocus.ts";
import { useMappingChoices } from "../AttributeMapping.tsx";
import { furtherFields, knownTargets, newRow, type RuleRow, type Source, shortTarget, sources } from "./rules.ts";
import type { Provisioning } from "./useProvision.tsx";

/** Which attribute of the account gets which value of the person. Shut until somebody needs it: the usual one fits most. */
export function Mapping({ provisioning }: { provisioning: Provisioning }) {
  const { draft, rowError, error } = provisioning;
  const rows = draft.value.rules;
  const wrong = rows.some((_, index) => rowError(index) !== undefined);
  const readOnly = useReadOnly();
  const [opened, setOpened] = useState(false);
  const open = opened || wrong;
  const { list, focusLast, focusAdd } = useRowFocus();
  const choices = [...useMappingChoices().map((one) => one.value), ...furtherFields];
  const fields = [...new Set(choices)];
  const change = (index: number, patch: Partial<RuleRow>) =>
    draft.set({ rules: rows.map((row, at) => (at === index ? { ...row, ...patch } : row)) });
  return (
    <Section
      wide
      title="Attribute Mapping"
      help="What the application learns about a person. Unmapped attributes are left as they are there."
    >
      <div className="identity__summary">
        <span>
          {rows.length} attributes
          <span className="section__help">
            User name, names, e-mail, title, department, manager, phone numbers and address as in most applications.
          </span>
        </span>
        <Button reads variant="default" size="xs" aria-expanded={open} onClick={() => setOpened(!open)}>
          {open ? "Hide the mapping" : `${readOnly ? "Show" : "Edit"} the mapping`}
        </Button>
      </div>
      {error("rules") && (
        <p className="identity__error" role="alert">
          {error("rules")}
        </p>
      )}
      {open && (
        <div className="mapping" ref={list}>
          <div className="mapping__head" aria-hidden>
            <span>SCIM Attribute</span>
            <span>From</span>
            <span>Value</span>
            <span>Only at creation</span>
          </div>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; fields are controlled
            <fieldset key={index} className="mapping__row" data-row aria-label={`mapping ${index + 1}`}>
              <Autocomplete
                data-focus
                aria-label="SCIM Attribute"
                placeholder="name.givenName"
                data={knownTargets.filter(
                  (one) =>
                    one === row.target || !rows.some((other) => other.target === one && other.condition === undefined),
                )}
                limit={40}
                value={row.target}
                title={row.target}
                // What tells these apart stands at their end, out of sight.
                description={row.target.startsWith("urn:") ? shortTarget(row.target) : undefined}
                inputWrapperOrder={["label", "input", "description", "error"]}
                error={rowError(index)}
                spellCheck={false}
                onChange={(target) => change(index, { target })}
              />
              <Select
                aria-label="From"
                data={sources}
                value={row.source}
                onChange={(source) => source && change(index, { source: source as Source, value: "" })}
              />
              {row.source === "attribute" ? (
                <Autocomplete
                  aria-label="Muster Attribute Name"
                  data={fields}
                  limit={60}
                  value={row.value}
                  title={row.value}
                  spellCheck={false}
                  onChange={(value) => change(index, { value })}
                />
              ) : (
                <TextInput
                  aria-label={row.source === "constant" ? "Constant Value" : "Text with fields"}
                  placeholder={row.source === "constant" ? "Contractor" : "{firstname} {lastname}"}
                  value={row.value}
                  spellCheck={false}
                  onChange={(event) => change(index, { value: event.currentTarget.value })}
                />
              )}
              <Checkbox
                aria-label="Only at creation"
                label={<span className="mapping__once">Only at creation</span>}
                checked={row.once}
                onChange={(event) => change(index, { once: event.currentTarget.checked })}
              />
              <ActionIcon
                reads
                variant={row.condition === undefined ? "subtle" : "light"}
                color="gray"
                size={34}
                title="Only if"
                aria-label={`Condition of mapping ${index + 1}`}
                aria-pressed={row.condition !== undefined}
                onClick={() => change(index, { condition: row.condition === undefined ? "" : undefined })}
              >
                <IconFilter size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={34}
                aria-label={`Remove mapping ${index + 1}`}
                onClick={() => {
                  draft.set({ rules: rows.filter((_, at) => at !== index) });
                  focusAdd();
                }}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
              {row.condition !== undefined && (
                <TextInput
                  className="mapping__if"
                  label="Only if"
                  placeholder={'department equals "Sales"'}
                  description="A rule over the person's own fields. Of the rows of one attribute the first that holds counts."
                  value={row.condition}
                  spellCheck={false}
                  onChange={(event) => change(index, { condition: event.currentTarget.value })}
                />
              )}
            </fieldset>
          ))}
          <div>
            <Button
              data-add
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => {
                draft.set({ rules: [...rows, newRow()] });
                focusLast();
              }}
            >
              Add Attribute
            </Button>
          </div>
        </div>
      )}
    </Section>
  );
}
