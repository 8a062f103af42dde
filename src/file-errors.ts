/** What to do about an error of the file system, by its code. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "your disk quota is used up",
  ENOENT: "no such file or directory",
  ENOTDIR: "a file is in the place of a directory",
  EISDIR: "a directory is in the place of a file",
  EEXIST: "something of that name is there already",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  EIO: "the disk reports an error",
};

/**
 * An error of the file system in a sentence: "/srv/prod/cdktf.out: permission denied (mkdir)".
 * @returns undefined for any other error
 */
export function fileErrorText(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("syscall" in error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const reason = reasons[code ?? ""];
  if (reason === undefined) return undefined;
  return `${path === undefined ? "" : `${path}: `}${reason} (${syscall ?? ""}).`;
}
