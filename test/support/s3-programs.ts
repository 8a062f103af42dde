import {
  build,
  type Build,
  builtProgram,
  type GoModule,
  isBuilt,
  pinnedVersion,
} from "../../src/programs/go-module";

/** A real S3 server that honors conditional writes. */
const versitygw: GoModule = {
  title: "versitygw",
  directory: "s3/versitygw",
  name: "versitygw",
  version: pinnedVersion("s3/versitygw", "github.com/versity/versitygw"),
  programs: { versitygw: "github.com/versity/versitygw/cmd/versitygw" },
  linkerFlags: "",
  duration: "about two minutes",
};

/** One of a time before they existed: it ignores the condition. */
const gofakes3: GoModule = {
  title: "gofakes3",
  directory: "s3/gofakes3",
  name: "gofakes3",
  version: pinnedVersion("s3/gofakes3", "github.com/johannesboyne/gofakes3"),
  programs: { gofakes3: "github.com/johannesboyne/gofakes3/cmd/gofakes3" },
  linkerFlags: "",
  duration: "about ten seconds",
};

export interface S3Programs {
  readonly versitygw: string;
  readonly gofakes3: string;
}

/** Built once in the cache. */
export async function s3Programs(search: Build): Promise<S3Programs> {
  for (const module of [versitygw, gofakes3])
    if (!isBuilt(module, search.environment)) await build(module, search);
  return {
    versitygw: builtProgram(versitygw, "versitygw", search.environment),
    gofakes3: builtProgram(gofakes3, "gofakes3", search.environment),
  };
}
