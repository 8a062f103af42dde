import { expect, test } from "@jest/globals";
import { placesText } from "../../../../src/cli/image/text";

test("an image's places have columns, also where it was not created from here", () => {
  expect(
    placesText([
      { place: "fr-par-1", status: "there", id: "fr-par-1/4370835e", isOwn: false },
      { place: "fr-par-2", status: "missing", isOwn: true },
    ]),
  ).toBe(
    "  fr-par-1  there, not created from here  fr-par-1/4370835e\n" + //
      "  fr-par-2  missing",
  );
});
