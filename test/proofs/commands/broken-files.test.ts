import { brokenFilesAreSentences } from "../../commands/broken-files";

brokenFilesAreSentences("all with all");
