// Loaded into a command by NODE_OPTIONS: kills it, as kill -9 does, at a change of a file. KILLED_AT is the
// change and a part of the file's name: "write 2 etcd.spool", "rename 1 .age".
"use strict";
const fs = require("node:fs");

const [change, count, part] = (process.env.KILLED_AT ?? "").split(" ");
let left = Number(count);
const names = new Map();

function reached(one, name) {
  if (one !== change || name === undefined || !name.includes(part)) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
}

const { open, write, writev, renameSync, fsyncSync, openSync } = fs;
fs.open = (path, ...rest) => {
  const done = rest.pop();
  open(path, ...rest, (error, descriptor) => {
    if (error === null) names.set(descriptor, String(path));
    done(error, descriptor);
  });
};
fs.openSync = (path, ...rest) => {
  const descriptor = openSync(path, ...rest);
  names.set(descriptor, String(path));
  return descriptor;
};
fs.write = (descriptor, ...rest) => {
  reached("write", names.get(descriptor));
  return write(descriptor, ...rest);
};
fs.writev = (descriptor, ...rest) => {
  reached("write", names.get(descriptor));
  return writev(descriptor, ...rest);
};
fs.fsyncSync = (descriptor) => {
  fsyncSync(descriptor);
  reached("sync", names.get(descriptor));
};
fs.renameSync = (from, to) => {
  renameSync(from, to);
  reached("rename", String(to));
};
