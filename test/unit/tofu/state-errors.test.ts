import { expect, test } from "@jest/globals";
import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { applyErrorText, isLockLeft, stateProblem } from "../../../src/tofu/state-errors";

const put =
  "operation error S3: PutObject, exceeded maximum number of attempts, 5, https response error " +
  'StatusCode: 0, RequestID: , HostID: , request send failed, Put "http://127.0.0.1:9/acme/demo.tfstate": ' +
  "dial tcp 127.0.0.1:9: connect: connection refused";
const error = (summary: string, detail: string): Diagnostic => ({
  severity: "error",
  summary,
  detail,
});
const unsaved = [
  error("Failed to save state", `Error saving state: failed to upload state: ${put}`),
  error("Failed to persist state to backend", "The error shown above … tofu state push"),
  error("Error releasing the state lock", `Error message: ${put} … force-unlock`),
];
const silent =
  "The object store of the state's bucket does not answer (http://127.0.0.1:9). Do the same again when it does.";

test("a store that does not answer is named by its address, also where tofu has wrapped its lines", () => {
  expect(stateProblem(put)).toBe(silent);
  expect(stateProblem(put.replaceAll(" ", "\n│ "))).toBe(silent);
  expect(stateProblem("operation error S3: PutObject, StatusCode: 507")).toContain("no space left");
});

test.each([
  ["Code: 400. Errors: * invalid ciphertext: unable to decrypt", "The state cannot be decrypted"],
  ["Code: 403. Errors: * permission denied", "OpenBao does not accept BAO_TOKEN"],
  ['Put "https://bao.internal:8200/…": dial tcp: no such host', "OpenBao does not answer"],
  ["context deadline exceeded", "OpenBao does not answer"],
  ["Code: 503. Errors: * Vault is sealed", "OpenBao is sealed"],
])("OpenBao's %j is a sentence: %s", (reason, sentence) => {
  const words = `Unable to fetch encryption key data; key_provider.openbao.main failed with error: failed to decrypt ciphertext: ${reason}`;
  expect(stateProblem(words)).toMatch(new RegExp(`^${sentence}`));
});

test("an apply that could not save its state says so in one sentence, after the cloud's own errors", () => {
  expect(applyErrorText(unsaved)).toBe(`The state was not saved. ${silent}`);
  expect(applyErrorText([error("quota exceeded", ""), ...unsaved])).toBe(
    `quota exceeded\n\nThe state was not saved. ${silent}`,
  );
});

test("an apply that saved its state, and could not release its lock, says that", () => {
  expect(applyErrorText(unsaved.slice(2))).toBe(
    `The state was saved, and its lock was not released. ${silent}`,
  );
});

test("another reason for an unsaved state stays in tofu's own words", () => {
  const full = error("Failed to save state", "write cluster.tfstate: no space left on device");
  expect(applyErrorText([full])).toBe(`${full.summary}\n${full.detail ?? ""}`);
});

test("a lock is left where tofu says that it could not release it", () => {
  expect(isLockLeft(unsaved.map(({ summary }) => summary).join("\n"))).toBe(true);
  expect(isLockLeft("Error acquiring the state lock")).toBe(false);
});
