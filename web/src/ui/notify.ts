import { notifications } from "@mantine/notifications";
import { describeError } from "../api/client.ts";

export function done(message: string): void {
  notifications.show({ message, color: "pine", autoClose: 5000 });
}

export function failed(error: unknown): void {
  notifications.show({ title: "That did not work", message: describeError(error), color: "red", autoClose: 10_000 });
}
