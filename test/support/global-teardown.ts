import { removeSharedDirectory } from "./shared-directory";

export default removeSharedDirectory;
