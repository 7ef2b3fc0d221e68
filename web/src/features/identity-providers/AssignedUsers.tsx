import { Pill, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useOrg } from "../../api/org.tsx";
import { userQuery } from "../../api/users.ts";
import { userName } from "../users/status.tsx";
import { UserPicker } from "../users/UserPicker.tsx";

interface AssignedUsersProps {
  users: string[];
  error: string | undefined;
  onChange: (users: string[]) => void;
}

/** Single people beside the groups. */
export function AssignedUsers({ users, error, onChange }: AssignedUsersProps) {
  return (
    <div style={{ marginTop: 16 }}>
      <UserPicker
        label="Users"
        visibleLabel
        placeholder="Search a user"
        without={users}
        onPick={(user) => onChange([...users, user._id])}
      />
      {users.length > 0 && (
        <div style={{ display: "flex", flexWrap: "wrap", gap: 6, marginTop: 8 }}>
          {users.map((id) => (
            <UserPill key={id} id={id} onRemove={() => onChange(users.filter((one) => one !== id))} />
          ))}
        </div>
      )}
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" mt={6} role="alert">
          {error}
        </Text>
      )}
    </div>
  );
}

function UserPill({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { api } = useOrg();
  const user = useQuery(userQuery(api, id));
  const name = user.data ? userName(user.data) : id;
  return (
    <Pill
      size="md"
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{ "aria-label": `Remove ${name}`, tabIndex: 0 }}
    >
      {name}
    </Pill>
  );
}
