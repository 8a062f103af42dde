/** The operating system's errors about a file, explained. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  EEXIST: "something of that name exists already",
  EFBIG: "the file would be too large",
  EIO: "the disk reports an error",
  EISDIR: "it is a directory, not a file",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
  ENFILE: "too many open files",
  ENOENT: "no such file or directory",
  ENOSPC: "the disk is full",
  ENOTDIR: "part of the path is a file, not a directory",
  ENOTEMPTY: "the directory is not empty",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ETXTBSY: "it is being executed",
};

/**
 * A sentence for an error of the file system: the user's disk, permissions or paths are its cause.
 * @returns undefined for any other error
 */
export function systemMessage(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code = "", path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  const reason = reasons[code];
  if (reason === undefined || syscall === undefined) return undefined;
  // When something is copied or renamed, the second one cannot be written.
  const file = dest ?? path;
  const hint = syscall === "mkdtemp" ? " Set TMPDIR to a directory that you can write to." : "";
  return `${file ?? "A file"}: ${reason} (${syscall.split(" ")[0] ?? ""}).${hint}`;
}
