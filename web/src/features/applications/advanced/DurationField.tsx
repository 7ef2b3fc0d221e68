import { Input } from "@mantine/core";
import { useId, useState } from "react";
import { Select } from "../../../ui/fields/frequent.tsx";
import { NumberInput } from "../../../ui/fields/NumberInput.tsx";
import { secondsOf, type Unit, unitOf, units } from "./duration.ts";
import { Help } from "./fields.tsx";

interface DurationFieldProps {
  label: string;
  help: string;
  rfc?: string;
  seconds: number | "";
  error: string | undefined;
  onChange: (seconds: number | "") => void;
  placeholder?: string;
}

/** A length of time: a number, and what it counts. */
export function DurationField({ label, help, rfc, seconds, error, onChange, placeholder }: DurationFieldProps) {
  const id = useId();
  const [chosen, setChosen] = useState<Unit | null>(null);
  // The unit stays while somebody types, as long as the length is whole in it.
  const fits = chosen !== null && (seconds === "" || seconds % secondsOf(chosen) === 0);
  const unit = fits && chosen ? chosen : unitOf(seconds);
  return (
    <Input.Wrapper id={id} label={label} description={<Help rfc={rfc}>{help}</Help>} error={error}>
      <div className="duration">
        <NumberInput
          id={id}
          aria-describedby={`${id}-description`}
          placeholder={placeholder}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          error={error !== undefined}
          value={seconds === "" ? "" : seconds / secondsOf(unit)}
          onChange={(next) => {
            setChosen(unit);
            onChange(typeof next === "number" ? next * secondsOf(unit) : "");
          }}
        />
        <Select
          aria-label={`${label}: unit`}
          data={units.map(({ value, label: word }) => ({ value, label: word }))}
          value={unit}
          onChange={(next) => {
            if (!next) return;
            const picked = next as Unit;
            setChosen(picked);
            if (seconds !== "") onChange((seconds / secondsOf(unit)) * secondsOf(picked));
          }}
        />
      </div>
    </Input.Wrapper>
  );
}
