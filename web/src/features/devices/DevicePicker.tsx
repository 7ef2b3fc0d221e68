import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deviceSearchQuery } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { deviceName } from "./words.tsx";

interface DevicePickerProps {
  label: string;
  without: string[];
  onPick: (device: { id: string; name: string }) => void;
}

/** Finds one device by name, system or serial number. */
export function DevicePicker({ label, without, onPick }: DevicePickerProps) {
  const { api } = useOrg();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery(deviceSearchQuery(api, search));
  const devices = found.data?.results.filter((device) => !without.includes(device._id)) ?? [];
  const pick = (id: string | null) => {
    const device = devices.find((one) => one._id === id);
    if (!device) return;
    onPick({ id: device._id, name: deviceName(device) });
    setTyped("");
  };
  return (
    <Select
      aria-label={label}
      placeholder={label}
      searchable
      filter={({ options }) => options}
      data={devices.map((device) => ({
        value: device._id,
        label: [deviceName(device), device.serialNumber].filter(Boolean).join(" · "),
      }))}
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={found.isFetching ? "Searching…" : "No device matches"}
      onChange={pick}
    />
  );
}
