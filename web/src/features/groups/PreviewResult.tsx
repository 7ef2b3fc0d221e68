import type { Change, Preview } from "../../api/types.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Status, type StatusTone } from "../../ui/Status.tsx";

const words: Record<Change, { label: string; tone: StatusTone }> = {
  joins: { label: "Joins", tone: "ok" },
  leaves: { label: "Leaves", tone: "warn" },
  stays: { label: "Is a member", tone: "muted" },
};

/** Who would be in the group once the rule is saved. */
export function PreviewResult({ preview }: { preview: Preview }) {
  const total = preview.totalCount;
  return (
    <section aria-label="Preview" aria-live="polite">
      <div className="counts">
        <strong>
          {total === 1 ? "1 member" : `${total.toLocaleString()} members`}
          {total === 0 && ": nobody meets these conditions"}
        </strong>
        {preview.joins > 0 && <Status tone="ok">{`${preview.joins} ${preview.joins === 1 ? "joins" : "join"}`}</Status>}
        {preview.leaves > 0 && (
          <Status tone="warn">{`${preview.leaves} ${preview.leaves === 1 ? "leaves" : "leave"}`}</Status>
        )}
        {preview.stays > 0 && (
          <Status tone="muted">{`${preview.stays} ${preview.stays === 1 ? "stays" : "stay"}`}</Status>
        )}
      </div>
      {preview.members.length > 0 && (
        <DataTable
          label="Preview of the members"
          rows={preview.members}
          id={(member) => member.id}
          columns={[
            {
              key: "name",
              label: "User",
              kind: "lead",
              render: (member) => (
                <span>
                  {member.displayname || member.username}
                  <span className="table__sub">{member.email}</span>
                </span>
              ),
            },
            { key: "username", label: "Username", render: (member) => member.username },
            {
              key: "change",
              label: "Change",
              kind: "tight",
              render: (member) => <Status tone={words[member.change].tone}>{words[member.change].label}</Status>,
            },
          ]}
        />
      )}
      {preview.members.length < total + preview.leaves && preview.members.length > 0 && (
        <p className="section__help">The first {preview.members.length} are shown.</p>
      )}
    </section>
  );
}
