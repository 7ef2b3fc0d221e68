import type { GroupKind } from "../../api/groups.ts";
import { DevicePicker } from "../devices/DevicePicker.tsx";
import { userName } from "../users/status.tsx";
import { UserPicker } from "../users/UserPicker.tsx";

interface MemberPickerProps {
  kind: GroupKind;
  label: string;
  without: string[];
  onPick: (member: { id: string; name: string }) => void;
}

/** Finds one person or device. */
export function MemberPicker({ kind, label, without, onPick }: MemberPickerProps) {
  if (kind === "device") return <DevicePicker label={label} without={without} onPick={onPick} />;
  return (
    <UserPicker
      label={label}
      placeholder={label}
      without={without}
      onPick={(user) => onPick({ id: user._id, name: userName(user) })}
    />
  );
}
