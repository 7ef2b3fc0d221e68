import { Skeleton, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { saveLogo } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import { organizationLogoPath, organizationQuery, updateOrganization } from "../../api/settings.ts";
import type { Organization, UserState } from "../../api/types.ts";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { Checkbox, TextInput } from "../../ui/controls.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { Select } from "../../ui/fields/frequent.tsx";
import { NumberInput } from "../../ui/fields/NumberInput.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { LogoField } from "../../ui/LogoField.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { authorityChoices } from "../users/form.ts";
import { draftOf, type OrganizationDraft, serverNames, settingsOf } from "./organizationForm.ts";
import { PasswordRules, toNumber } from "./PasswordRules.tsx";

export function OrganizationSettingsPage() {
  const { api } = useOrg();
  const organization = useQuery(organizationQuery(api));
  return (
    <Page title="Organization">
      <Failure error={organization.error} retry={() => void organization.refetch()} />
      {organization.data ? <Form organization={organization.data} /> : <Skeleton height={480} />}
    </Page>
  );
}

function Form({ organization }: { organization: Organization }) {
  const { api, session, org } = useOrg();
  const client = useQueryClient();
  const draft = useDraft(draftOf(organization));
  const guard = useLeaveGuard(draft.dirty);
  const [nameProblem, setNameProblem] = useState<string>();
  const save = useMutation({
    mutationFn: async () => {
      if (draft.changes.includes("logo")) await saveLogo(api, organizationLogoPath(api), draft.value.logo);
      if (draft.changes.every((key) => key === "logo")) return;
      await updateOrganization(api, {
        displayName: draft.value.displayName.trim(),
        settings: settingsOf(draft.value, organization.settings),
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [api.orgId, "organization"] });
      void client.invalidateQueries({ queryKey: ["session"] });
      draft.reset();
      done("The organization is saved.");
    },
    onError: focusFirstError,
  });
  const submit = () => {
    const unnamed = draft.value.displayName.trim() === "";
    setNameProblem(unnamed ? "Enter a name." : undefined);
    if (unnamed) focusFirstError();
    else save.mutate();
  };
  const error = (name: keyof OrganizationDraft) => fieldError(save.error, serverNames[name] ?? name);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Failure error={save.error} known={Object.values(serverNames)} />
      <Section title="General" help="People see the name and logo when they sign in.">
        <Stack gap={18}>
          <TextInput
            className="m-required"
            label="Organization Name"
            value={draft.value.displayName}
            maxLength={255}
            error={nameProblem ?? error("displayName")}
            onChange={(event) => draft.set({ displayName: event.currentTarget.value })}
          />
          <LogoField
            label="Logo"
            name={draft.value.displayName}
            value={draft.value.logo}
            onChange={(logo) => draft.set({ logo })}
          />
          <div>
            <LabelledCopy label="Organization ID" value={organization._id} />
            <LabelledCopy
              label="Sign-in page of the portal"
              value={`${session.publicUrl.replace(/\/$/, "")}/o/${org.slug}/login`}
            />
            <LabelledCopy label="Issuer" value={`${session.publicUrl.replace(/\/$/, "")}/o/${org.slug}`} />
          </div>
        </Stack>
      </Section>
      <Section title="Contact" help="Whom people are told to ask on pages that refuse a sign-in.">
        <div className="fields">
          <TextInput
            label="Contact Name"
            value={draft.value.contactName}
            error={error("contactName")}
            onChange={(event) => draft.set({ contactName: event.currentTarget.value })}
          />
          <TextInput
            label="Contact Email"
            inputMode="email"
            value={draft.value.contactEmail}
            error={error("contactEmail")}
            onChange={(event) => draft.set({ contactEmail: event.currentTarget.value })}
          />
        </div>
      </Section>
      <PasswordRules draft={draft} error={error} />
      <Section title="New users" help="What a person starts with when an administrator adds them.">
        <div className="fields">
          <Select
            label="Default User State"
            data={[
              { value: "ACTIVATED", label: "Activated" },
              { value: "STAGED", label: "Staged" },
            ]}
            value={draft.value.state}
            onChange={(state) => state && draft.set({ state: state as UserState })}
          />
          <Select
            label="Default Password Authority"
            data={authorityChoices(draft.value.authority)}
            value={draft.value.authority}
            onChange={(authority) => authority && draft.set({ authority })}
          />
        </div>
      </Section>
      <Section title="User Portal">
        <Stack gap={18}>
          <NumberInput
            label="Sign people out after minutes without use"
            w={280}
            min={5}
            max={43200}
            allowDecimal={false}
            value={draft.value.idleMinutes}
            error={error("idleMinutes")}
            onChange={(value) => draft.set({ idleMinutes: toNumber(value) })}
          />
          <Checkbox
            label="People may edit their own profile"
            description="Names and the like. Never what decides how they sign in."
            checked={draft.value.canEdit}
            onChange={(event) => draft.set({ canEdit: event.currentTarget.checked })}
          />
          <NumberInput
            label="Confirm group changes above this share of the organization"
            description="In percent. Greater changes are refused until they are confirmed, by the API too. 0: only the console asks, above a fifth."
            w={280}
            min={0}
            max={100}
            allowDecimal={false}
            value={draft.value.confirmPercent}
            error={error("confirmPercent")}
            onChange={(value) => draft.set({ confirmPercent: toNumber(value) })}
          />
        </Stack>
      </Section>
      <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      <SaveBar
        changes={draft.changes.length}
        label="Save"
        saving={save.isPending}
        onSave={submit}
        onCancel={() => {
          draft.reset();
          save.reset();
          setNameProblem(undefined);
        }}
      />
      <LeaveDialog guard={guard} />
    </form>
  );
}
