import { Collapse } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { vocabularyQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { ClientProof } from "../../api/types.ts";
import { Button, Checkbox, TextInput } from "../../ui/controls.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { TagsInput } from "../../ui/fields/TagsInput.tsx";
import { Note } from "../../ui/Note.tsx";
import { isSet, proofs } from "./form.ts";
import type { ProviderFormProps } from "./ProviderForm.tsx";
import { SamlAgreed } from "./SamlFields.tsx";

/** What few providers need: how people are matched, made at their first sign-in, and what else is agreed. */
export function ProviderAdvanced({ draft, set, error }: Pick<ProviderFormProps, "draft" | "set" | "error">) {
  const { api } = useOrg();
  const [open, setOpen] = useState(isSet(draft));
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
        reads
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
          {draft.type === "SAML" ? (
            <SamlAgreed draft={draft} set={set} error={error} />
          ) : (
            <Agreed draft={draft} set={set} error={error} />
          )}
          <div className="span2">
            <Checkbox
              label="Believe how people signed in there"
              description="What the provider says of it is passed on to applications."
              checked={draft.trustAuthenticationContext}
              onChange={(event) => set({ trustAuthenticationContext: event.currentTarget.checked })}
            />
          </div>
        </div>
      </Collapse>
    </>
  );
}

/** How the two servers trust each other beyond a secret. */
function Agreed({ draft, set, error }: Pick<ProviderFormProps, "draft" | "set" | "error">) {
  return (
    <>
      <Select
        className="span2"
        label="Authentication at the Provider"
        description="How Muster proves itself there. With a key, the provider needs the address of Muster's keys."
        data={proofs}
        value={draft.tokenEndpointAuth}
        error={error("tokenEndpointAuth")}
        onChange={(proof) => proof && set({ tokenEndpointAuth: proof as ClientProof })}
      />
      <div className="span2">
        <Checkbox
          label="Require encrypted ID tokens"
          description="An ID token that is not encrypted to Muster's key is refused."
          checked={draft.requireEncryptedIdToken}
          onChange={(event) => set({ requireEncryptedIdToken: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}
