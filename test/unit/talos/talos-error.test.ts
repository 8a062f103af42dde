import { expect, test } from "@jest/globals";
import { status } from "@grpc/grpc-js";
import { explained } from "../../../src/cli/nodes/repeated";
import { UserError } from "../../../src/errors";
import { anotherAuthority, TalosError } from "../../../src/talos/talos-error";

const refusal = {
  code: status.INVALID_ARGUMENT,
  details:
    "this config change can't be applied in immediate mode\ndiff:\n--- a\n+++ b\n-  token: abcdef.0123456789abcdef",
};

test("a refused configuration is reported without its difference, which has secrets", () => {
  expect(TalosError.of(refusal).message).toBe(
    "this config change can't be applied in immediate mode",
  );
});

test("each mistake in a configuration is reported", () => {
  const details = "2 errors occurred:\n\t* unknown keys\n\t* no endpoint";
  expect(TalosError.of({ code: status.INVALID_ARGUMENT, details }).message).toBe(details);
});

test("a node that no connection leads to is reported with the reason alone", () => {
  const of = (reason: string) =>
    TalosError.of({
      code: status.UNAVAILABLE,
      details: `No connection established. Last error: ${reason}. Resolution note: `,
    }).message;
  expect(of("connect ECONNREFUSED 127.0.0.1:50000")).toBe("connect ECONNREFUSED 127.0.0.1:50000");
  expect(of("Error: unable to verify the first certificate")).toBe(anotherAuthority);
  expect(of("Error: self-signed certificate in certificate chain")).toBe(anotherAuthority);
});

test("a call that fails ends a run with a message, not with a stack", () => {
  const problem = explained(
    TalosError.of({ code: status.UNAVAILABLE, details: "no route to host" }),
  );
  expect(problem).toBeInstanceOf(UserError);
  expect((problem as Error).message).toMatch(/no route to host\n\nRun the same command again/);
  const defect = new TypeError("a defect");
  expect(explained(defect)).toBe(defect);
});
