import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { freePort } from "../../runtime/network/loopback";

test("a program comes back where it listened, and elsewhere when that is taken by now", async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  expect((other.address() as AddressInfo).port).toBe(port);
  expect(await freePort(port)).not.toBe(port);
  other.close();
});
