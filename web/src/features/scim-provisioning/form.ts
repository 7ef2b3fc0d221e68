// The settings of a directory that feeds us, as a form. Pure.

import type { DirectoryProvider, DirectoryProviderWrite } from "../../api/types.ts";
import { givenMappings, mappingProblem, type RoleRow, rowOf } from "./words.ts";

export interface DirectoryDraft {
  name: string;
  matching: DirectoryProvider["matching"];
  precedence: number | string;
  active: boolean;
  roleMappings: RoleRow[];
  passwords: boolean;
}

export const known = ["name", "matching", "precedence", "active", "roleMappings", "confirmed", "passwords"];

export function draftOf(provider: DirectoryProvider): DirectoryDraft {
  const { name, matching, precedence, active, roleMappings, passwords } = provider;
  return { name, matching, precedence, active, passwords, roleMappings: roleMappings.map(rowOf) };
}

export function writeOf(draft: DirectoryDraft): DirectoryProviderWrite {
  return {
    name: draft.name.trim(),
    matching: draft.matching,
    precedence: Number(draft.precedence),
    active: draft.active,
    passwords: draft.passwords,
    roleMappings: givenMappings(draft.roleMappings),
  };
}

export interface Problems {
  name?: string;
  precedence?: string;
  roles?: { index: number; message: string };
}

export function problemsOf(draft: DirectoryDraft): Problems {
  const problems: Problems = {};
  if (draft.name.trim() === "") problems.name = "Enter a name.";
  const order = Number(draft.precedence);
  if (draft.precedence === "" || !Number.isInteger(order) || order < 0 || order > 1000) {
    problems.precedence = "Enter a whole number from 0 to 1000.";
  }
  const roles = mappingProblem(draft.roleMappings);
  if (roles) problems.roles = roles;
  return problems;
}
