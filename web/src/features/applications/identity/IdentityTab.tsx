import { SegmentedControl, Skeleton } from "@mantine/core";
import { Failure, Note } from "../../../ui/Note.tsx";
import { Connection } from "./Connection.tsx";
import { DriftReport } from "./DriftReport.tsx";
import { keysOf, serverName } from "./form.ts";
import { ImportUsers } from "./ImportUsers.tsx";
import { Leaving } from "./Leaving.tsx";
import { Mapping } from "./Mapping.tsx";
import { Objects } from "./Objects.tsx";
import { StatusPanel } from "./StatusPanel.tsx";
import type { Provisioning } from "./useProvision.tsx";
import "./identity.css";

const views = [
  { value: "settings", label: "Settings" },
  { value: "accounts", label: "Accounts" },
  { value: "drift", label: "Drift" },
  { value: "import", label: "Import users" },
];

/** What of the tab is looked at, as the address says. */
export interface Shown {
  view?: string;
  /** The filter of the list of accounts. */
  state?: string;
  /** The import that is looked at. */
  job?: string;
}

interface IdentityTabProps {
  provisioning: Provisioning;
  shown: Shown;
  onShow: (shown: Shown) => void;
}

/** Accounts out to an application, and users in from it. */
export function IdentityTab({ provisioning, shown, onShow }: IdentityTabProps) {
  const { query, saved, application, draft } = provisioning;
  if (query.isPending) return <Skeleton height={420} mt={24} aria-busy="true" />;
  if (query.error) {
    return (
      <div className="tab-body">
        <Failure error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  }
  // Before it is set up there is nothing to look at.
  const open = saved && views.some((one) => one.value === shown.view) ? shown.view : "settings";
  return (
    <div className="tab-body">
      {saved?.active && (
        <StatusPanel application={application} onState={(next) => onShow({ view: "accounts", state: next })} />
      )}
      {saved && (
        <SegmentedControl
          aria-label="Part of Identity Management"
          className="identity__views"
          data={views}
          value={open}
          onChange={(next) => onShow({ view: next === "settings" ? undefined : next })}
        />
      )}
      <Failure error={provisioning.failure} known={keysOf(draft.value).map(serverName)} />
      {open === "settings" && <Settings provisioning={provisioning} />}
      {open === "accounts" && (
        <Objects
          application={application}
          active={saved?.active ?? false}
          state={shown.state}
          onState={(next) => onShow({ view: "accounts", state: next })}
        />
      )}
      {open === "drift" && <DriftReport application={application} active={saved?.active ?? false} />}
      {open === "import" && (
        <ImportUsers application={application} job={shown.job} onJob={(job) => onShow({ view: "import", job })} />
      )}
    </div>
  );
}

function Settings({ provisioning }: { provisioning: Provisioning }) {
  const { saved, application } = provisioning;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        provisioning.save();
      }}
    >
      {!saved?.active && (
        <Note tone="info">
          The members of the bound user groups get an account in {application.displayLabel}, kept in step with their
          user here. Enter what the application tells you, test it, then activate.
        </Note>
      )}
      <Connection provisioning={provisioning} />
      <Mapping provisioning={provisioning} />
      <Leaving provisioning={provisioning} />
      <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
    </form>
  );
}
