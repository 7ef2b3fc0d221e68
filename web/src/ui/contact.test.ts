import { describe, expect, it } from "vitest";
import {
  addressChoices,
  addressesWritten,
  addressRows,
  newAddress,
  newPhone,
  phoneChoices,
  phoneProblem,
  phoneProblems,
  phoneRows,
  phonesWritten,
} from "./contact.ts";

describe("phone numbers and addresses", () => {
  it("go from the API into rows and back unchanged", () => {
    const phones = [{ type: "work", number: "+49 30 901820" }, { number: "110" }];
    expect(phonesWritten(phoneRows(phones))).toEqual(phones);
    const addresses = [{ type: "home", locality: "Lagos", country: "Nigeria", poBox: "12" }, { region: "Bavaria" }];
    expect(addressesWritten(addressRows(addresses))).toEqual(addresses);
    expect(phoneRows(undefined)).toEqual([]);
    expect(addressRows([{ type: null, country: null }])[0]).toMatchObject({ type: "", country: "" });
  });

  it("are saved without blank rows and without spaces around", () => {
    expect(
      phonesWritten([
        { type: "home", number: "  " },
        { type: "mobile", number: " +1 555 0100 " },
      ]),
    ).toEqual([{ type: "mobile", number: "+1 555 0100" }]);
    const blank = newAddress([]);
    expect(addressesWritten([blank, { ...blank, type: "home", streetAddress: " 1 Main St " }])).toEqual([
      { type: "home", streetAddress: "1 Main St" },
    ]);
  });

  it("accept what people write as a number and explain what is none", () => {
    for (const good of ["", "+49 (30) 90-1820", "555.0100", "030/901820", "+1 555 0100 ext. 12", "110", "5550100x7"]) {
      expect(phoneProblem(good), good).toBeUndefined();
    }
    for (const bad of ["mobile", "12", "+49+30", "1234567890123456789", "ana@acme.example"]) {
      expect(phoneProblem(bad), bad).toBeDefined();
    }
    expect(
      phoneProblems([
        { type: "work", number: "1 2 3" },
        { type: "home", number: "x" },
      ]),
    ).toEqual({ "phoneNumbers[1]": expect.stringContaining("digits") });
  });

  it("offer a type that is free, and keep one that is not ours", () => {
    expect(newPhone([]).type).toBe("mobile");
    expect(newPhone([{ type: "mobile", number: "1" }]).type).toBe("work");
    expect(newAddress([newAddress([])]).type).toBe("home");
    expect(phoneChoices("satellite").at(-1)).toEqual({ value: "satellite", label: "satellite" });
    expect(addressChoices("work")).toHaveLength(2);
    expect(addressChoices("").at(-1)).toEqual({ value: "", label: "Other" });
  });
});
