import { Button, Checkbox, Collapse, PasswordInput, Select, TagsInput, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { vocabularyQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { IdpType } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { type IdpDraft, typeOf, types } from "./form.ts";

interface ProviderFormProps {
  draft: IdpDraft;
  set: (patch: Partial<IdpDraft>) => void;
  error: (field: keyof IdpDraft) => string | undefined;
  isNew?: boolean;
  onUrlDone?: () => void;
}

export function ProviderForm({ draft, set, error, isNew, onUrlDone }: ProviderFormProps) {
  const type = typeOf(draft.type);
  const chooseType = (value: string | null) => {
    if (!value) return;
    const google = value === "GOOGLE" && draft.url === "";
    set({ type: value as IdpType, ...(google ? { url: "https://accounts.google.com" } : {}) });
  };
  return (
    <div className="fields">
      <TextInput
        className="m-required"
        label="Name"
        description="People see it when they are sent there."
        value={draft.name}
        autoComplete="off"
        maxLength={255}
        error={error("name")}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Select
        label="Type"
        description="Decides how its answers are read."
        data={types.map(({ value, label }) => ({ value, label }))}
        value={draft.type}
        error={error("type")}
        onChange={chooseType}
      />
      <TextInput
        className="m-required span2"
        label="URL"
        description={`${type.urlHelp} Everything else is read from its well-known document.`}
        placeholder={type.urlHint}
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        value={draft.url}
        error={error("url")}
        onBlur={onUrlDone}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <TextInput
        className="m-required"
        label="Client ID"
        autoComplete="off"
        spellCheck={false}
        value={draft.clientId}
        error={error("clientId")}
        onChange={(event) => set({ clientId: event.currentTarget.value })}
      />
      <PasswordInput
        className={isNew ? "m-required" : undefined}
        label="Client Secret"
        autoComplete="off"
        placeholder={isNew ? undefined : "Unchanged"}
        value={draft.clientSecret}
        error={error("clientSecret")}
        onChange={(event) => set({ clientSecret: event.currentTarget.value })}
      />
      <div className="span2">
        <Advanced draft={draft} set={set} error={error} />
      </div>
    </div>
  );
}

function Advanced({ draft, set, error }: Pick<ProviderFormProps, "draft" | "set" | "error">) {
  const { api } = useOrg();
  const [open, setOpen] = useState(draft.jit || draft.claim !== "email" || draft.attribute !== "email");
  const custom =
    useQuery({ ...vocabularyQuery(api), enabled: open }).data?.attributes.filter((one) => one.custom) ?? [];
  const attributes = [
    { value: "email", label: "Company Email" },
    { value: "username", label: "Username" },
    { value: "employeeIdentifier", label: "Employee ID" },
    ...custom.map((one) => ({ value: `attributes.${one.label}`, label: `${one.label} (custom)` })),
  ];
  const known = attributes.some((one) => one.value === draft.attribute);
  const choices = known ? attributes : [...attributes, { value: draft.attribute, label: draft.attribute }];
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        px={6}
        aria-expanded={open}
        leftSection={open ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />}
        onClick={() => setOpen(!open)}
      >
        Advanced
      </Button>
      <Collapse expanded={open} transitionDuration={0}>
        <div className="fields" style={{ paddingTop: 12 }}>
          <TextInput
            label="Match claim"
            description="What the provider says about a person."
            value={draft.claim}
            error={error("claim")}
            onChange={(event) => set({ claim: event.currentTarget.value })}
          />
          <Select
            label="Match attribute"
            description="Which attribute here must be equal to it."
            data={choices}
            value={draft.attribute}
            error={error("attribute")}
            onChange={(attribute) => attribute && set({ attribute })}
          />
          <div className="span2">
            <Checkbox
              label="Create people who are not here yet (just in time)"
              description="Only for people with an e-mail in the domains below."
              checked={draft.jit}
              onChange={(event) => set({ jit: event.currentTarget.checked })}
            />
          </div>
          {draft.jit && (
            <>
              <TagsInput
                className="span2"
                label="Domains"
                description="Type a domain, then Enter."
                placeholder="example.com"
                acceptValueOnBlur
                splitChars={[",", " "]}
                value={draft.domains}
                error={error("domains")}
                onChange={(domains) => set({ domains })}
              />
              <div className="span2">
                <Note tone="warn">
                  Anyone whom this provider vouches for in these domains gets an account here at the first sign-in.
                </Note>
              </div>
            </>
          )}
        </div>
      </Collapse>
    </>
  );
}
