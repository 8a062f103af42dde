import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { findEtcd, findKubernetes, findTalosctl } from "../../../src/programs/real-programs";
import { temporaryDirectory } from "../../support/input";

/** A directory with these programs. */
function withPrograms(programs: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  return directory;
}

/** A Go that builds programs which print nothing. */
const go = `test "$1" = version && exit 0
  while test "$1" != -o; do shift; done
  : > "$2"`;

const etcd = (version: string) => ({
  etcd: `echo 'etcd Version: ${version}'`,
  etcdutl: `echo 'etcdutl version: ${version}'`,
});

/** A search that sees only the directory's programs. */
function search(directory: string, environment: Record<string, string> = {}) {
  const messages: string[] = [];
  return {
    messages,
    environment: { PATH: directory, XDG_CACHE_HOME: temporaryDirectory(), ...environment },
    progress: (message: string) => {
      messages.push(message);
    },
  };
}

describe("the programs of a deep rehearsal", () => {
  test("are those that environment variables name, then those of KUBEBUILDER_ASSETS, then those on the PATH", async () => {
    const path = withPrograms(etcd("3.7.0"));
    const assets = withPrograms({ etcd: etcd("3.7.2").etcd });
    const own = withPrograms({ mine: etcd("3.7.9").etcdutl });
    const environment = { KUBEBUILDER_ASSETS: assets, ETCDUTL_BIN: join(own, "mine") };
    expect(await findEtcd("3.7", search(path, environment))).toEqual({
      etcd: { path: join(assets, "etcd"), version: "3.7.2", origin: "KUBEBUILDER_ASSETS" },
      etcdutl: { path: join(own, "mine"), version: "3.7.9", origin: "ETCDUTL_BIN" },
    });
    expect(await findEtcd("3.7", search(path))).toMatchObject({
      // Absolute: programs run in directories of their own, without a PATH.
      etcd: { path: join(path, "etcd"), version: "3.7.0", origin: "on the PATH" },
    });
  });

  test("are never silently of another minor than asked for", async () => {
    const directory = withPrograms({ ...etcd("3.5.9"), go });
    const asked = search(directory, { KUBEBUILDER_ASSETS: directory });
    const found = await findEtcd("3.7", asked);
    expect(found["etcd"]).toMatchObject({ origin: "built once, cached" });
    expect(asked.messages).toContainEqual(
      expect.stringMatching(
        /^KUBEBUILDER_ASSETS has etcd 3\.5\.9; etcd 3\.7\.\d+ is needed: not used$/,
      ),
    );
  });

  test("are refused where the named one does not run", async () => {
    const directory = withPrograms({ other: "exit 3" });
    const named = search(directory, { KUBE_APISERVER_BIN: join(directory, "other") });
    await expect(findKubernetes("1.37", named)).rejects.toThrow(
      /^KUBE_APISERVER_BIN is .*other, which does not run as kube-apiserver\.$/,
    );
  });

  test("are built once, and found there by the next run", async () => {
    const first = search(withPrograms({ go }));
    const talosctl = await findTalosctl(first);
    expect(existsSync(talosctl.path)).toBe(true);
    expect(first.messages).toEqual([expect.stringMatching(/^building talosctl 1\.\d+\.\d+ from /)]);
    const second = search(withPrograms({}), {
      XDG_CACHE_HOME: first.environment.XDG_CACHE_HOME,
    });
    expect(await findTalosctl(second)).toEqual(talosctl);
    expect(second.messages).toEqual([]);
  });

  test("are requested by name where there is no Go to build them", async () => {
    await expect(findEtcd("3.7", search(withPrograms({})))).rejects.toThrow(
      /^etcd 3\.7\.\d+ is not here \(etcd, etcdutl\), and could not be built: there is no Go .*\n\n.* ETCD_BIN, ETCDUTL_BIN$/s,
    );
  });

  test("of a minor without a build are requested by name", async () => {
    await expect(findKubernetes("1.12", search(withPrograms({ go })))).rejects.toThrow(
      /^Kubernetes 1\.12 is not here \(kube-apiserver, .*\), and could not be built: only 1\.36 and 1\.37 can be, not 1\.12\n/,
    );
  });

  test("leave nothing in the cache when a build fails", async () => {
    const failing = `test "$1" = version || { echo 'no space left' >&2; exit 1; }`;
    const asked = search(withPrograms({ go: failing }));
    await expect(findEtcd("3.6", asked)).rejects.toThrow(/could not be built: no space left\n/);
    expect(readdirSync(join(asked.environment.XDG_CACHE_HOME, "openaether", "etcd"))).toEqual([]);
  });
});
