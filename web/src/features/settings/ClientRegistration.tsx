import { Skeleton, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { allGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import { organizationQuery, updateOrganization } from "../../api/settings.ts";
import type { Organization, RegistrationMode } from "../../api/types.ts";
import { LabelledCopy } from "../../ui/Copy.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { Radio } from "../../ui/fields/frequent.tsx";
import { MultiSelect } from "../../ui/fields/MultiSelect.tsx";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { RegistrationTokens } from "./RegistrationTokens.tsx";
import { modes, registrationOf, registrationWrite, unusable } from "./registration.ts";

/** Applications that register themselves (RFC 7591): whether they may, and who can then use them. */
export function ClientRegistration() {
  const { api } = useOrg();
  const organization = useQuery(organizationQuery(api));
  if (organization.data) return <Form organization={organization.data} />;
  return (
    <div className="tab-body">
      <Failure error={organization.error} retry={() => void organization.refetch()} />
      {!organization.error && <Skeleton height={320} />}
    </div>
  );
}

function Form({ organization }: { organization: Organization }) {
  const { api, session, org } = useOrg();
  const client = useQueryClient();
  const groups = useQuery(allGroupsQuery(api)).data ?? [];
  const saved = registrationOf(organization.settings);
  const draft = useDraft(saved);
  const guard = useLeaveGuard(draft.dirty);
  const save = useMutation({
    mutationFn: () => updateOrganization(api, { settings: registrationWrite(draft.value) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [api.orgId, "organization"] });
      draft.reset();
      done("Client registration is saved.");
    },
  });
  const names = groups.map((group) => ({ value: group.id, label: group.name }));
  const { mode } = draft.value;
  return (
    <>
      <Failure error={save.error} known={["settings.clientRegistration"]} />
      <Section
        title="Client registration"
        help="Applications can register themselves, without an administrator (RFC 7591). People are asked before such an application learns of them."
      >
        <Radio.Group
          aria-label="Who may register applications"
          value={mode}
          error={fieldError(save.error, "settings.clientRegistration.mode")}
          onChange={(next) => draft.set({ mode: next as RegistrationMode })}
        >
          <Stack gap={10}>
            {modes.map((one) => (
              <Radio key={one.value} value={one.value} label={one.label} description={one.help} />
            ))}
          </Stack>
        </Radio.Group>
        {mode !== "off" && (
          <Stack gap={16} mt={18}>
            {mode === "open" && (
              <Note tone="warn">
                Anybody who reaches this server can register applications here. Turn it off after your tests.
              </Note>
            )}
            <MultiSelect
              label="User Groups"
              description="Whose members may use an application that registered itself."
              placeholder={draft.value.userGroups.length === 0 ? "Nobody" : undefined}
              searchable
              data={names}
              value={draft.value.userGroups}
              error={fieldError(save.error, "settings.clientRegistration.userGroups")}
              onChange={(userGroups) => draft.set({ userGroups })}
            />
            {unusable(draft.value) && (
              <Note tone="info">Without a group nobody can sign in to an application that registers itself.</Note>
            )}
            <LabelledCopy
              label="Registration endpoint"
              value={`${session.publicUrl.replace(/\/$/, "")}/o/${org.slug}/oauth2/register`}
            />
          </Stack>
        )}
      </Section>
      {saved.mode === "token" && <RegistrationTokens />}
      <SaveBar
        changes={draft.changes.length}
        label="Save"
        saving={save.isPending}
        onSave={() => save.mutate()}
        onCancel={() => {
          draft.reset();
          save.reset();
        }}
      />
      <LeaveDialog guard={guard} />
    </>
  );
}
