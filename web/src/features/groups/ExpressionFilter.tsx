import { Group } from "@mantine/core";
import { useState } from "react";
import type { GroupKind } from "../../api/groups.ts";
import { Button } from "../../ui/controls.tsx";
import { RuleText } from "./RuleText.tsx";
import "./groups.css";

interface ExpressionFilterProps {
  kind: GroupKind;
  value: string | undefined;
  error: string | undefined;
  onChange: (value: string | undefined) => void;
  onClose: () => void;
}

const examples = {
  user: 'department equals "Sales" and created within the last "30 days"',
  device: 'osFamily equals "darwin" and owner.department equals "Finance"',
};

/** Narrows a list by a rule in the language of groups' rules. It is asked when it is applied, not while it is written. */
export function ExpressionFilter({ kind, value, error, onChange, onClose }: ExpressionFilterProps) {
  const [text, setText] = useState(value ?? "");
  return (
    <form
      data-reads
      style={{ maxWidth: 720, marginBottom: 16 }}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim() || undefined);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.shiftKey && event.target instanceof HTMLTextAreaElement) {
          event.preventDefault();
          onChange(text.trim() || undefined);
        }
        if (event.key === "Escape") onClose();
      }}
    >
      <RuleText
        kind={kind}
        label="Expression"
        help="A rule, as groups have them. Enter applies it."
        placeholder={examples[kind]}
        value={text}
        optional
        reads
        error={text.trim() === value ? error : undefined}
        onChange={setText}
      />
      <Group gap={8} mt={8}>
        <Button reads type="submit" size="xs">
          Apply
        </Button>
        <Button
          reads
          size="xs"
          variant="default"
          onClick={() => {
            onChange(undefined);
            onClose();
          }}
        >
          Clear
        </Button>
      </Group>
    </form>
  );
}
