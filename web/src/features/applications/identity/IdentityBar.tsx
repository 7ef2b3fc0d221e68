import { IconEye } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { Button } from "../../../ui/controls.tsx";
import { SaveBar } from "../../../ui/SaveBar.tsx";
import type { Provisioning } from "./useProvision.tsx";

const route = getRouteApi("/console/$slug/sso-applications/$applicationId");

interface IdentityBarProps {
  provisioning: Provisioning;
  onCancel: () => void;
}

/** At the foot of the tab: Save always, and Activate until it is. The one works before the other. */
export function IdentityBar({ provisioning, onCancel }: IdentityBarProps) {
  const { draft, saved } = provisioning;
  const { view } = route.useSearch();
  // Beside the settings there is nothing to save, unless something was left there.
  if (saved && view && !draft.dirty) return null;
  return (
    <SaveBar
      always
      changes={draft.changes.length}
      text={
        saved?.active
          ? draft.dirty
            ? undefined
            : "Everything is saved"
          : "No account is sent to the application until this is activated"
      }
      label="Save"
      saving={provisioning.saving}
      onSave={() => provisioning.save()}
      onCancel={onCancel}
      more={
        <>
          <Button
            variant="default"
            className="savebar__aside"
            leftSection={<IconEye size={16} aria-hidden />}
            loading={provisioning.looking}
            onClick={provisioning.look}
          >
            Preview
          </Button>
          {!saved?.active && (
            <Button
              variant="light"
              className="savebar__aside"
              loading={provisioning.activating}
              onClick={() => provisioning.activate()}
            >
              Activate
            </Button>
          )}
        </>
      }
    />
  );
}
