import { Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type GroupKind, readExpression } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import { Button } from "../../ui/controls.tsx";
import { Textarea } from "../../ui/fields/frequent.tsx";

interface RuleTextProps {
  kind: GroupKind;
  label: string;
  help: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  error?: string;
  /** May stay empty. */
  optional?: boolean;
  /** It only asks: nothing is changed by it. */
  reads?: boolean;
}

const MOST_OFFERED = 8;

/** A rule as text: read while it is written, with what may come next and what is wrong, where. */
export function RuleText({ kind, label, help, placeholder, value, onChange, error, optional, reads }: RuleTextProps) {
  const { api } = useOrg();
  const area = useRef<HTMLTextAreaElement>(null);
  const [cursor, setCursor] = useState(value.length);
  const [focused, setFocused] = useState(false);
  const [asked] = useDebouncedValue({ expression: value, cursor }, 250);
  const empty = asked.expression.trim() === "";
  const answer = useQuery({
    queryKey: [api.orgId, "expression", kind, asked],
    queryFn: () => readExpression(api, kind, asked),
    enabled: focused || !empty,
    placeholderData: keepPreviousData,
  });
  const current = asked.expression === value;
  const [fault] = current && !(optional && empty) && !empty ? (answer.data?.faults ?? []) : [];
  const offered = focused && current ? (answer.data?.completions ?? []).slice(0, MOST_OFFERED) : [];
  const put = (from: number, insert: string) => {
    const next = `${value.slice(0, from)}${insert} ${value.slice(cursor).trimStart()}`;
    onChange(next);
    const at = from + insert.length + 1;
    setCursor(at);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    });
  };
  const near = fault && value.slice(fault.from, Math.min(fault.to, fault.from + 40));
  return (
    <div className="rule-text">
      <Textarea
        reads={reads}
        ref={area}
        label={label}
        description={help}
        placeholder={placeholder}
        value={value}
        autosize
        minRows={2}
        maxRows={12}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: "code" }}
        error={error ?? (fault ? `${fault.message}${near ? ` (at “${near}”)` : ""}` : undefined)}
        onChange={(event) => {
          onChange(event.currentTarget.value);
          setCursor(event.currentTarget.selectionStart);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
        onFocus={() => setFocused(true)}
      />
      <div className="rule-text__offers" aria-live="off">
        {offered.length > 0 && (
          <Group gap={6} role="group" aria-label={`What may come next in ${label}`}>
            {offered.map((one) => (
              <Button
                key={one.insert}
                reads={reads}
                size="compact-xs"
                variant="default"
                title={one.label}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => put(one.from, one.insert)}
              >
                {one.insert}
              </Button>
            ))}
          </Group>
        )}
        {offered.length === 0 && !fault && !empty && answer.data?.memberQuery && (
          <Text size="xs" c="dimmed">
            The rule reads.
          </Text>
        )}
      </div>
    </div>
  );
}
