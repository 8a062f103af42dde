import { planSaysWhatPacketsCanDo } from "../../network/access";

planSaysWhatPacketsCanDo({ rules: 100, admins: 10 });
