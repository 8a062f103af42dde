import { brokenFilesAreSentences } from "./broken-files";

brokenFilesAreSentences("each with one");
