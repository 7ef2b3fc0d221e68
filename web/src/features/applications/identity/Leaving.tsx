import { Stack } from "@mantine/core";
import { Radio } from "../../../ui/fields/frequent.tsx";
import { NumberInput } from "../../../ui/fields/NumberInput.tsx";
import { Section } from "../../../ui/Page.tsx";
import type { ProvisionDraft } from "./form.ts";
import type { Provisioning } from "./useProvision.tsx";

/** What becomes of an account that is no longer wanted, and how much of that happens without asking. */
export function Leaving({ provisioning }: { provisioning: Provisioning }) {
  const { draft, error } = provisioning;
  const { value, set } = draft;
  return (
    <>
      <Section
        title="When access ends"
        help="A person is suspended or deleted, leaves the user group, or the group is unbound."
      >
        <Radio.Group
          aria-label="When access ends"
          value={value.action}
          error={error("action")}
          onChange={(action) => set({ action: action as ProvisionDraft["action"] })}
        >
          <Stack gap={10}>
            <Radio
              value="deactivate"
              label="Deactivate the account"
              description="It stays, with what it holds, and is reactivated when the person comes back."
            />
            <Radio value="delete" label="Delete the account" description="At once. What it holds there is lost." />
            <Radio
              value="deleteAfter"
              label="Deactivate at once, delete later"
              description="Whoever comes back in time gets the same account."
            />
          </Stack>
        </Radio.Group>
        {value.action === "deleteAfter" && (
          <NumberInput
            mt={12}
            ml={30}
            w={180}
            label="Delete after (days)"
            min={1}
            max={3650}
            allowDecimal={false}
            value={value.days}
            error={error("days")}
            onChange={(days) => set({ days })}
          />
        )}
      </Section>
      <Section
        title="Delete Guard"
        help="When more accounts than this would be closed within an hour, nothing of it happens until an administrator approves. Empty: no limit."
      >
        <div className="fields">
          <NumberInput
            label="More than (accounts)"
            min={0}
            allowDecimal={false}
            value={value.guardCount}
            error={error("guardCount")}
            onChange={(guardCount) => set({ guardCount })}
          />
          <NumberInput
            label="Or more than (percent of all)"
            min={1}
            max={100}
            allowDecimal={false}
            value={value.guardPercent}
            error={error("guardPercent")}
            onChange={(guardPercent) => set({ guardPercent })}
          />
        </div>
      </Section>
      <Section
        title="Changes made in the application"
        help="What differs there from what was sent is found when the drift report is read; where it is repaired, once a day too."
      >
        <Radio.Group
          aria-label="Changes made in the application"
          value={value.repair}
          error={error("repair")}
          onChange={(repair) => set({ repair: repair as ProvisionDraft["repair"] })}
        >
          <Stack gap={10}>
            <Radio value="manual" label="Report them" description="They stay until somebody repairs them." />
            <Radio
              value="automatic"
              label="Repair them"
              description="Attributes that are mapped are set back to what they are here."
            />
          </Stack>
        </Radio.Group>
      </Section>
    </>
  );
}
